import { header } from '../headers.ts';
import { parseBytes } from '../json.ts';
import { isMasked } from '../mask.ts';
import { placeWords } from './others.ts';
import { carriersOf, type Sample } from './sample.ts';

/** What of the captures themselves stands in the way. */
export function captureFaults(samples: readonly Sample[]): string[] {
  const some = (test: (sample: Sample) => boolean) => samples.some(test);
  const masks = new Set(samples.flatMap(maskedPlaces));
  return [
    ...(masks.size > 0
      ? [
          `${[...masks].join(', ')} is masked (••••), as --json prints it: capture it with \`hooks listen --record FILE\`, which keeps what came`,
        ]
      : []),
    ...(some(({ received }) => received.headers.length === 0)
      ? [
          'a capture has no headers, and there a signature stands: capture the whole request, with `hooks listen --record FILE`',
        ]
      : []),
    ...samples.flatMap((sample) => truncation(sample) ?? []).slice(0, 1),
    ...(some(({ received }) => received.body.length === 0)
      ? ['a capture has an empty body: capture a delivery that has one, as it came']
      : []),
  ];
}

const maskedPlaces = (sample: Sample): string[] =>
  carriersOf(sample)
    .filter(({ value }) => isMasked(value))
    .map(placeWords);

/** Says where a body breaks off. */
function truncation({ received: { headers, body } }: Sample): string | undefined {
  const length = Number(header(headers, 'content-length') ?? Number.NaN);
  if (length > body.length)
    return `a body is truncated: content-length says ${length} bytes, the capture has ${body.length}; capture all of it`;
  const type = header(headers, 'content-type') ?? '';
  const isJson = /json/i.test(type) && /^\s*[{[]/.test(Buffer.from(body.subarray(0, 100)).toString());
  return isJson && 'fault' in parseBytes(body)
    ? 'a body is no whole JSON: it was truncated or changed; capture all of it, byte by byte'
    : undefined;
}
