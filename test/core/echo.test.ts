import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { echoesOf, maskEchoes } from '../../src/core/echo.ts';
import { answerFact } from '../../src/core/wire.ts';
import { providerOf } from '../helpers/battery.ts';

const { record } = providerOf('roastify').scheme;
const bytes = fc.uint8Array({ minLength: 24, maxLength: 64 });

/** What a receiver that knows a key may print of it. */
const writings: Record<string, (key: Buffer) => string | Buffer> = {
  'as it is given': (key) => `whsec_${key.toString('base64')}`,
  'without its prefix': (key) => key.toString('base64'),
  'in an address': (key) => encodeURIComponent(key.toString('base64')),
  'in JSON with escaped slashes': (key) => key.toString('base64').replaceAll('/', '\\/'),
  'in hex': (key) => key.toString('hex'),
  'in base64url': (key) => key.toString('base64url'),
};

const masking = (said: string | Uint8Array, echoes: readonly string[]) => {
  const body = Buffer.concat([
    Buffer.from('key='),
    Buffer.from(said as Uint8Array),
    Buffer.from('; it ends'),
  ]);
  const headers = [['x-key', Buffer.from(said as Uint8Array).toString('latin1')]] as const;
  return JSON.stringify(maskEchoes(answerFact({ status: 401, headers, body, ms: 1 }), echoes));
};

describe('a secret that a receiver says', () => {
  it.each(Object.entries(writings))('%s is masked', (_, write) => {
    fc.assert(
      fc.property(bytes, (random) => {
        const key = Buffer.from(random);
        const said = write(key);
        const echoes = echoesOf([`whsec_${key.toString('base64')}`], record, [], 'http://localhost/');
        expect(masking(said, echoes)).not.toContain(JSON.stringify(String(said)).slice(1, -3));
        expect(masking(said, echoes)).toContain('; it ends');
      }),
    );
  });

  it('among bytes that are no text is masked', () => {
    const echoes = echoesOf(['hunter2hunter2'], undefined, [], 'http://localhost/');
    const fact = maskEchoes(
      answerFact({
        status: 200,
        headers: [],
        body: Buffer.concat([Buffer.from([0xff]), Buffer.from('hunter2hunter2')]),
        ms: 1,
      }),
      echoes,
    );
    const body = Buffer.from((fact as { body_base64: string }).body_base64, 'base64');
    expect(body.subarray(1).toString()).toBe('••••ter2');
    expect(body[0]).toBe(0xff);
  });

  it('of a header, an address or in a failure is masked', () => {
    const basic = `Basic ${Buffer.from('me:open sesame').toString('base64')}`;
    const echoes = echoesOf([], undefined, [['authorization', basic]], 'http://localhost/?token=abracadabra');
    const detail = 'open sesame? abracadabra! me:open%20sesame';
    const fact = maskEchoes({ failure: 'reset', detail, ms: 1 }, echoes);
    expect(JSON.stringify(fact)).not.toMatch(/sesame|abracadabra/);
  });

  it('that is as short as a word is left: it stands anywhere', () => {
    expect(echoesOf(['me'], undefined, [], 'http://localhost/?token=a')).toEqual([]);
  });
});
