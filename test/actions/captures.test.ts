import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureAt, type Found, readCaptures } from '../../src/actions/captures.ts';
import { receivedFact } from '../../src/core/wire.ts';
import { UsageError } from '../../src/errors.ts';
import { fromRoastify } from '../helpers/deliveries.ts';

/** A line of a recording, whose delivery has this id. */
const fact = (id: string) =>
  JSON.stringify({
    kind: 'received',
    at: '2026-11-21T10:00:00Z',
    received: receivedFact(fromRoastify({ id })),
  });

async function* piecesOf(...pieces: (string | Uint8Array)[]) {
  for (const piece of pieces) yield Buffer.from(piece);
}

async function collect(found: AsyncIterable<Found>): Promise<Found[]> {
  const all: Found[] = [];
  for await (const each of found) all.push(each);
  return all;
}

/** The ids of what was found, with their places; what was skipped as it is. */
const told = (found: readonly Found[]) =>
  found.map((each) =>
    'capture' in each
      ? [each.capture.received.headers.find(([name]) => name === 'svix-id')?.[1], each.offset]
      : each,
  );

/** What is found in lines: written down once more, the slow way. */
function expected(lines: readonly string[]) {
  let offset = -1;
  return lines.flatMap((line, index) => {
    const at = offset + 1;
    offset = at + Buffer.byteLength(line);
    const id = /msg_\w/.exec(line)?.[0];
    if (line.trim() === '' || line.includes('"ready"')) return [];
    return [id === undefined ? { skipped: 'line', number: index + 1 } : [id, at]];
  });
}

describe('a recording', () => {
  const line = fc.constantFrom(
    fact('msg_a'),
    fact('msg_b'),
    '{"kind":"ready"}',
    'no fact',
    '',
    ' \t',
    '\r',
    '',
  );

  it('holds the same however it is cut, each at a place where it is found again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 8 }),
        fc.integer({ min: 1, max: 500 }),
        async (lines, length) => {
          const whole = Buffer.from(lines.join('\n'));
          const pieces = Array.from({ length: Math.ceil(whole.length / length) }, (_, index) =>
            whole.subarray(index * length, (index + 1) * length),
          );
          const found = await collect(readCaptures(piecesOf(...pieces)));
          expect(told(found)).toEqual(expected(lines));
          for (const each of found)
            if ('capture' in each)
              expect(await captureAt(piecesOf(whole.subarray(each.offset)))).toEqual(each.capture);
        },
      ),
    );
  });

  it('that begins with blank lines is not held', async () => {
    const piece = Buffer.alloc(65_536);
    async function* pieces() {
      for (let count = 0; count < 3; count++) {
        yield piece.fill('\n');
        piece.fill('x');
      }
      yield Buffer.from(fact('msg_a'));
    }
    expect(told(await collect(readCaptures(pieces())))).toEqual([['msg_a', 3 * 65_536]]);
  });

  it('shows only the lines that are wanted', async () => {
    const lines = [fact('msg_a'), 'no fact', fact('msg_b')].join('\n');
    const found = await collect(readCaptures(piecesOf(lines), (bytes) => bytes.includes('msg_b')));
    expect(told(found)).toEqual([['msg_b', expect.any(Number)]]);
  });
});

describe('a place', () => {
  it.each([
    ['of a line', `${fact('msg_a')}\nx`, true],
    ['that is blank now', `\n${fact('msg_a')}`, false],
    ['where something else stands', 'no fact\n', false],
    ['behind the end', '', false],
  ])('%s holds a capture: %s', async (_, text, holds) => {
    expect((await captureAt(piecesOf(text))) !== undefined).toBe(holds);
  });
});

describe('a document', () => {
  it('is read whole; its parts have no places', async () => {
    const parts = [fact('msg_a'), '{"kind":"ready"}', fact('msg_b')].map((each) =>
      JSON.stringify(JSON.parse(each), null, 2),
    );
    const text = parts.join('\n');
    const found = await collect(
      readCaptures(piecesOf(text.slice(0, 1), text.slice(1, 900), text.slice(900))),
    );
    expect(told(found)).toEqual([
      ['msg_a', undefined],
      ['msg_b', undefined],
    ]);
  });

  it('says which of its entries are no requests', async () => {
    const har = '{"log":{"entries":[{},{"request":{"method":"GET","headers":[]}},null]}}';
    expect(await collect(readCaptures(piecesOf(har)))).toEqual([
      { skipped: 'entry', number: 1 },
      { skipped: 'entry', number: 3 },
    ]);
  });

  it('of more than 100 MB is refused', async () => {
    const piece = Buffer.alloc(10 * 1024 * 1024, ' ');
    const pieces = piecesOf('{\n', ...Array.from({ length: 10 }, () => piece));
    await expect(collect(readCaptures(pieces))).rejects.toThrow(UsageError);
  });
});
