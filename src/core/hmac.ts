import { timingSafeEqual } from 'node:crypto';
import { headerValues } from './headers.ts';
import { checkValue, type Reading, read, signatureHeaders, timestampOf } from './hmac-header.ts';
import { digestOf, encoded, type HmacRecord, isTimed, readyKeyOf, secretFault } from './hmac-record.ts';
import type { Scheme } from './provider.ts';
import type { Problem, Received } from './types.ts';

const same = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};

function signatureProblems(
  record: HmacRecord,
  received: Received,
  reading: Reading,
  secrets: readonly string[],
) {
  const header = reading.names.signature;
  if (reading.raw === undefined) return [{ code: 'SIGNATURE_MISSING', basis: record.basis, header } as const];
  const times = headerValues(received.headers, header).length;
  if (times > 1)
    return [{ code: 'SIGNATURE_MALFORMED', header, fault: `it stands there ${times} times` } as const];
  if (reading.signatures.every((signature) => signature === '')) {
    const fault = reading.raw.trim() === '' ? 'it is empty' : `it does not have the form ${record.value}`;
    return [{ code: 'SIGNATURE_MALFORMED', header, fault } as const];
  }
  const fits = secrets.some((secret) => {
    const expected = digestOf(record, readyKeyOf(record, secret), { ...reading, body: received.body });
    const text = encoded(expected, record.encoding);
    return reading.signatures.some((signature) => same(signature, text));
  });
  return fits ? [] : [{ code: 'SIGNATURE_MISMATCH', basis: record.basis, header } as const];
}

function timestampProblems(record: HmacRecord, { names, timestamp }: Reading, now: number): Problem[] {
  const header = names.timestamp ?? names.signature;
  if (timestamp === undefined) return [{ code: 'TIMESTAMP_MISSING', header }];
  if (!/^\d{1,15}$/.test(timestamp)) return [{ code: 'TIMESTAMP_MALFORMED', header, value: timestamp }];
  const { seconds, future } = record.tolerance ?? { seconds: Number.POSITIVE_INFINITY, future: true };
  const age = Math.floor(now / 1000) - Number(timestamp);
  if (age > seconds) return [{ code: 'TIMESTAMP_STALE', header, age, tolerance: seconds }];
  if (-age > seconds && future) return [{ code: 'TIMESTAMP_FUTURE', header, age, tolerance: seconds }];
  return [];
}

/**
 * A scheme from a record.
 * @throws {TypeError} when the record contradicts itself
 */
export function hmac(record: HmacRecord): Scheme {
  checkValue(record);
  if (!record.over.includes('{body}') && !record.over.includes('{url}')) {
    throw new TypeError(`hmac: over "${record.over}" signs neither {body} nor {url}`);
  }
  const families = [record.names, ...(record.twins ?? [])];
  return {
    label: record.label,
    basis: record.basis,
    source: record.source,
    headers: families.map(({ signature }) => signature.toLowerCase()),
    record,
    secretFault: (secret) => secretFault(record, secret),
    sign(draft, secrets) {
      const signatures = (record.separator === undefined ? secrets.slice(0, 1) : secrets).map((secret) => {
        const parts = { ...draft, timestamp: timestampOf(draft) };
        return encoded(digestOf(record, readyKeyOf(record, secret), parts), record.encoding);
      });
      return signatureHeaders(record, draft, signatures);
    },
    verify(received, secrets, now) {
      const reading = read(record, received);
      const problems: Problem[] = signatureProblems(record, received, reading, secrets);
      if (reading.raw === undefined && reading.id === undefined && reading.timestamp === undefined)
        return problems;
      if (record.over.includes('{id}') && !reading.id)
        problems.push({ code: 'ID_MISSING', header: reading.names.id ?? '' });
      return isTimed(record) && reading.raw !== undefined
        ? [...problems, ...timestampProblems(record, reading, now)]
        : problems;
    },
  };
}
