import { describe, expect, it } from 'vitest';
import { runInference } from '../../src/actions/infer.ts';
import type { Progress } from '../../src/core/infer/work.ts';
import { now } from '../helpers/deliveries.ts';
import { message, type Signer, signed } from '../helpers/signers.ts';

const secret = 'a-secret-of-acme-1';
const signer: Signer = {
  secret,
  digest: 'sha256',
  write: (digest) => digest.toString('hex'),
  over: ({ body }) => [body],
  place: (signature) => ({ headers: [['X-Signature', signature]] }),
};
const samples = (key: string) =>
  [0, 1].map((index) => ({
    received: signed({ ...signer, key: Buffer.from(key) }, message(index, { size: 20_000 })),
  }));
const options = { secrets: [{ text: secret }], now };

describe('a search', () => {
  it('gives what it finds', async () => {
    const watch = { interrupt: new AbortController().signal, progress: () => {} };
    expect(await runInference(samples(secret), options, watch)).toMatchObject({ status: 'confirmed' });
  });

  it('says how far it is, and ends when it is interrupted', async () => {
    const interrupt = new AbortController();
    const seen: Progress[] = [];
    const progress = (each: Progress) => {
      seen.push(each);
      interrupt.abort('SIGINT');
    };
    expect(
      await runInference(samples('another'), options, { interrupt: interrupt.signal, progress }),
    ).toBeUndefined();
    expect(seen).toHaveLength(1);
    expect(seen[0]!.done).toBeLessThanOrEqual(seen[0]!.total);
  });
});
