import { header } from '../headers.ts';
import { parseBytes } from '../json.ts';
import { isMasked } from '../mask.ts';
import { placeWords } from './others.ts';
import { carriersOf, type Sample } from './sample.ts';
import { ofCaptures } from './words.ts';

/** So many faults are told; the captures of a broken recording all have their own. */
const mostFaults = 5;

/**
 * What of the captures themselves stands in the way, and of which.
 * @param numbers the captures by their number, from 1
 */
export function captureFaults(samples: readonly Sample[], numbers: ReadonlyMap<Sample, number>): string[] {
  const faults = new Map<string, number[]>();
  for (const sample of samples)
    for (const words of faultsOf(sample))
      faults.set(words, [...(faults.get(words) ?? []), numbers.get(sample) ?? 0]);
  const all = [...faults].map(([words, captures]) =>
    ofCaptures(words, captures.sort(byNumber), numbers.size),
  );
  const more = all.length - mostFaults;
  return more > 0 ? [...all.slice(0, mostFaults), `${more} more faults like these`] : all;
}

const byNumber = (one: number, other: number): number => one - other;

/** What of one capture stands in the way of finding anything in it. */
export function faultsOf(sample: Sample): string[] {
  const { headers, body } = sample.received;
  const masks = carriersOf(sample)
    .filter(({ value }) => isMasked(value))
    .map(placeWords);
  return [
    ...(masks.length > 0
      ? [
          `${masks.join(', ')} is masked (••••), as --json prints it: capture it with \`hooks listen --record FILE\`, which keeps what came`,
        ]
      : []),
    ...(headers.length === 0
      ? [
          'the request has no headers, and there a signature stands: capture all of it, with `hooks listen --record FILE`',
        ]
      : []),
    ...truncation(sample),
    ...(body.length === 0 ? ['the body is empty: capture a delivery that has one, as it came'] : []),
  ];
}

/** Says where a body breaks off. */
function truncation({ received: { headers, body } }: Sample): string[] {
  const length = Number(header(headers, 'content-length') ?? Number.NaN);
  if (length > body.length)
    return [
      `the body is truncated: content-length says ${length} bytes, the capture has ${body.length}; capture all of it`,
    ];
  const type = header(headers, 'content-type') ?? '';
  const isJson = /json/i.test(type) && /^\s*[{[]/.test(Buffer.from(body.subarray(0, 100)).toString());
  return isJson && 'fault' in parseBytes(body)
    ? ['the body is no whole JSON: it was truncated or changed; capture all of it, byte by byte']
    : [];
}
