import { describe, expect, it } from 'vitest';
import { hmac } from '../../src/core/hmac.ts';
import type { HmacRecord } from '../../src/core/hmac-record.ts';
import { svix } from '../../src/core/scheme.ts';
import type { Headers } from '../../src/core/types.ts';
import { now, request, second } from '../helpers/deliveries.ts';

/** A bare HMAC over the body in hex; each test says what is different. */
const plain: HmacRecord = {
  label: 'a test',
  basis: 'assumed',
  source: 'made up',
  names: { signature: 'X-Signature' },
  over: '{body}',
  digest: 'sha256',
  encoding: 'hex',
  key: 'utf8',
  value: '{signature}',
};

const stripe: HmacRecord = {
  ...plain,
  names: { signature: 'Stripe-Signature' },
  over: '{timestamp}.{body}',
  value: 't={timestamp},v1={signature}',
  separator: ',',
  tolerance: { seconds: 300, future: false },
};

const codes = (problems: readonly { readonly code: string }[]) => problems.map(({ code }) => code);

describe('a record', () => {
  it('holds one signature for each secret where it has a separator, else that of the first', () => {
    const draft = { at: now, body: Buffer.from('{}') };
    const [[, many]] = hmac(stripe).sign(draft, ['one', 'two']).headers as [[string, string]];
    const [[, one]] = hmac(plain).sign(draft, ['one', 'two']).headers as [[string, string]];
    expect(many).toMatch(/^t=1795255200,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
  });

  it('signs nothing without a secret, and still sends id and time', () => {
    const names = { signature: 'S', id: 'I', timestamp: 'T' };
    expect(hmac({ ...plain, names }).sign({ id: 'i', at: now, body: Buffer.of() }, []).headers).toEqual([
      ['I', 'i'],
      ['T', second],
    ]);
  });

  it.each([
    ['value "v1" lacks {signature}', { value: 'v1' }],
    ['over "{id}" signs neither {body} nor {url}', { over: '{id}' }],
    ['"t={timestamp},v1={signature}" in value must hold one', { value: 't={timestamp},v1={signature}' }],
    ['"v=1" in value must hold one', { value: 'v=1,v1={signature}', separator: ',' }],
  ])('is refused: %s', (message, change) => {
    expect(() => hmac({ ...plain, ...change } as HmacRecord)).toThrow(TypeError);
    expect(() => hmac({ ...plain, ...change } as HmacRecord)).toThrow(message);
  });
});

describe('a received signature', () => {
  const timed: HmacRecord = { ...stripe, tolerance: { seconds: 300, future: true } };
  const mac = (body: string, timestamp: string) =>
    hmac(timed).sign({ at: Number(timestamp) * 1000, body: Buffer.from(body) }, ['k']).headers[0]![1];
  const verify = (value: string | undefined, at = now, record = timed) => {
    const headers: Headers = value === undefined ? [] : [['stripe-signature', value]];
    return codes(hmac(record).verify(request(headers, '{}'), ['k'], at));
  };
  const fits = mac('{}', second);

  it.each<[string, string | undefined, string[]]>([
    ['that fits', fits, []],
    ['with another version beside it', `${fits},v0=abc`, []],
    ['with a wrong one beside it', `${fits},v1=abc`, []],
    ['that is absent', undefined, ['SIGNATURE_MISSING']],
    ['that is empty', '', ['SIGNATURE_MALFORMED', 'TIMESTAMP_MISSING']],
    ['of another form', 'abc', ['SIGNATURE_MALFORMED', 'TIMESTAMP_MISSING']],
    ['with an empty digest', `t=${second},v1=`, ['SIGNATURE_MALFORMED']],
    ['without its time', 'v1=abc', ['SIGNATURE_MISMATCH', 'TIMESTAMP_MISSING']],
    ['with words for a time', 't=now,v1=abc', ['SIGNATURE_MISMATCH', 'TIMESTAMP_MALFORMED']],
    ['with a negative time', 't=-1,v1=abc', ['SIGNATURE_MISMATCH', 'TIMESTAMP_MALFORMED']],
  ])('%s', (_, value, expected) => {
    expect(verify(value)).toEqual(expected);
  });

  it.each([
    [-301, true, ['TIMESTAMP_FUTURE']],
    [-301, false, []],
    [-300, true, []],
    [300, true, []],
    [301, true, ['TIMESTAMP_STALE']],
    [301, false, ['TIMESTAMP_STALE']],
  ])('is held to the tolerance: %i s after it, the future closed: %s', (age, future, expected) => {
    const record = { ...timed, tolerance: { seconds: 300, future } };
    expect(verify(fits, now + age * 1000, record)).toEqual(expected);
  });

  it('that stands there twice is malformed, even where one of them fits', () => {
    const headers: Headers = [
      ['stripe-signature', fits],
      ['Stripe-Signature', fits],
    ];
    expect(codes(hmac(timed).verify(request(headers, '{}'), ['k'], now))).toEqual(['SIGNATURE_MALFORMED']);
  });

  it('alone, under a white-label name, is one without its id and time', () => {
    const alone = request([['Webhook-Signature', 'v1,x']], '{}');
    expect(codes(svix().verify(alone, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], now))).toEqual([
      'SIGNATURE_MISMATCH',
      'ID_MISSING',
      'TIMESTAMP_MISSING',
    ]);
  });

  it('without the id it covers tells so', () => {
    const [, ...idless] = svix().sign({ id: 'm', at: now, body: Buffer.from('{}') }, [
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    ]).headers;
    expect(
      codes(svix().verify(request(idless, '{}'), ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], now)),
    ).toEqual(['SIGNATURE_MISMATCH', 'ID_MISSING']);
  });
});

describe('a secret', () => {
  const fault = svix().secretFault;
  const of = (size: number) => `whsec_${Buffer.alloc(size, 7).toString('base64')}`;

  it.each<[string, string, RegExp | undefined]>([
    ['of 24 bytes', of(24), undefined],
    ['of 75 bytes', of(75), undefined],
    ['of 23 bytes', of(23), /23 bytes.*24 to 75/],
    ['of 76 bytes', of(76), /76 bytes/],
    ['that is empty', '', /empty/],
    ['that is its prefix only', 'whsec_', /0 bytes/],
    ['without its prefix', of(24).slice(6), /does not start with "whsec_"/],
    ['with a newline', `${of(24)}\n`, /line break/],
    ['in base64url', `whsec_${'-_'.repeat(16)}`, /not standard base64/],
    ['without its padding', of(25).replace(/=+$/, ''), /not standard base64/],
  ])('of Svix %s', (_, secret, expected) => {
    if (expected) expect(fault(secret)).toMatch(expected);
    else expect(fault(secret)).toBeUndefined();
  });

  it('is never quoted in what is said of it', () => {
    for (const secret of ['hunter2hunter2', 'whsec_hunter2hunter2', 'whsec_hunter2\n'])
      expect(fault(secret)).not.toContain('hunter2');
  });
});
