import { describe, expect, it } from 'vitest';
import { inferred, searched } from '../../helpers/inferring.ts';
import { message, type Signer, signed } from '../../helpers/signers.ts';

const secret = 'a-secret-of-acme-1';
const secrets = ['one-of-somebody', 'another-of-somebody', secret];
const likely: Signer = {
  secret,
  digest: 'sha256',
  write: (digest) => digest.toString('hex'),
  over: (of) => [of.seconds, '.', of.body],
  place: (signature, of) => ({
    headers: [
      ['X-Acme-Id', of.id],
      ['X-Acme-Time', of.seconds],
      ['X-Acme-Signature', signature],
    ],
  }),
};
const unlikely: Signer = { ...likely, over: (of) => [of.host, ',', of.id, ',', of.body, ',', of.seconds] };
const by = (signer: Signer, index: number) => signed(signer, message(index, { size: 2000 }));
const foreign = (index: number) => by({ ...likely, key: Buffer.from('of somebody else') }, index);

describe('several captures are searched side by side', () => {
  it.each([
    ['first', [foreign(0), by(likely, 1)]],
    ['last', [by(likely, 1), foreign(0)]],
  ])('what is likely goes first for all of them: a foreign one %s', (_name, seen) => {
    // The whole product of one of them takes many times as many steps.
    const { status, words, scheme } = inferred(seen, secrets, { steps: 500 });
    expect([status, scheme]).toEqual([
      'disagree',
      expect.objectContaining({ over: '{timestamp}.{body}', digest: 'sha256' }),
    ]);
    expect(words.join('\n')).toMatch(/1 fits: .*secret 3 of 3[\s\S]*1 fits nothing/);
  });

  it('so it does behind many that nothing fits', () => {
    const seen = [...Array.from({ length: 19 }, (_, index) => foreign(index)), by(likely, 19)];
    expect(inferred(seen, secret)).toMatchObject({ status: 'disagree', tried: { captures: 20 } });
  });

  it('the whole product is shared among them', () => {
    const alone = searched([by(unlikely, 0)], secret, {});
    expect(alone.found.status).toBe('candidate');
    // More than one of them takes alone, less than it takes one behind the whole product of the other.
    const both = searched([foreign(1), by(unlikely, 0)], secret);
    expect(both.found).toMatchObject({
      status: 'disagree',
      scheme: { over: '{host},{id},{body},{timestamp}' },
    });
    const whole = searched([foreign(1)], secret).steps;
    expect(both.steps).toBeLessThan(whole + alone.steps);
    expect(both.found.tried.left_out).toContainEqual(
      expect.stringMatching(/^capture 1: \d+ % of \d+ digests of whole contents: a scheme was found/),
    );
  });

  it('of one scheme they are through it together, in the time of one', () => {
    const { steps } = searched([by(unlikely, 0)], secret);
    const seen = [0, 1, 2, 3].map((index) => by(unlikely, index));
    const together = searched(seen, secret);
    expect(together.found.status).toBe('confirmed');
    expect(together.steps).toBeLessThan(steps * 2);
  });

  it('what was not tried is said of each', () => {
    const seen = [foreign(0), { ...foreign(1), headers: foreign(1).headers.slice(0, -1) }, foreign(2)];
    const { tried } = inferred(seen, secret, { steps: 100 });
    const left = tried.left_out.filter((words) => words.includes('the time was over'));
    expect(left).toContainEqual(
      expect.stringMatching(/^captures 1 and 3: \d+ % of \d+ digests of whole contents: the time was over$/),
    );
    expect(left.join()).not.toMatch(/captures? 2|each/);
  });

  it('says how many were too many to search', () => {
    const seen = Array.from({ length: 23 }, (_, index) => foreign(index));
    expect(inferred(seen, secret, { quick: true }).tried.left_out).toContain(
      'captures 21 to 23: all but what was found for others',
    );
  });
});
