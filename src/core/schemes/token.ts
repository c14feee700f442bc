import { type Carrier, queryValues, valuesAt, withParameter } from '../carrier.ts';
import { sameSecret } from '../equal.ts';
import { headerFault } from '../headers.ts';
import type { Scheme } from '../provider.ts';
import type { BasicScheme, TokenScheme } from '../scheme-data.ts';
import type { Problem, Received } from '../types.ts';

/** How a secret is sent as it is. */
interface Sent extends Pick<Scheme, 'label' | 'basis' | 'source'> {
  readonly carrier: Carrier & { readonly in: 'header' | 'query' };
  /** The headers by which a delivery is recognised: what anybody sends tells nothing. */
  readonly headers: readonly string[];
  /** What stands there for a secret. */
  readonly valueFor: (secret: string) => string;
  /** The secret that stands there; nothing where it does not have the form. */
  readonly secretIn: (value: string) => string | undefined;
  /** The form in words. */
  readonly form: string;
}

/** A scheme that sends the secret itself, and so covers nothing. */
function sentSecret({
  carrier,
  valueFor,
  secretIn,
  form,
  ...told
}: Sent): Pick<Scheme, keyof typeof told | 'carrier' | 'sign' | 'verify'> {
  const { basis } = told;
  const where = { header: carrier.name, ...(carrier.in === 'query' ? { in: 'query' } : {}) } as const;
  return {
    ...told,
    carrier,
    sign({ url }, [secret]) {
      if (secret === undefined) return { headers: [] };
      if (carrier.in === 'header') return { headers: [[carrier.name, valueFor(secret)]] };
      return {
        headers: [],
        ...(url === undefined ? {} : { url: withParameter(url, carrier.name, valueFor(secret)) }),
      };
    },
    verify(received, secrets) {
      const values = sentValues(carrier, received);
      const malformed = (fault: string): Problem[] => [{ code: 'SIGNATURE_MALFORMED', ...where, fault }];
      const [value] = values;
      if (value === undefined) return [{ code: 'SIGNATURE_MISSING', basis, ...where }];
      if (values.length > 1) return malformed(`it stands there ${values.length} times`);
      if (value.trim() === '') return malformed('it is empty');
      const sent = secretIn(value);
      if (sent === undefined) return malformed(`it does not have the form ${form}`);
      // Each is compared, so that the time does not tell which one it was.
      const fits = secrets.filter((secret) => sameSecret(secret, sent)).length > 0;
      return fits ? [] : [{ code: 'SIGNATURE_MISMATCH', basis, ...where, bare: true }];
    },
  };
}

const sentValues = (carrier: Carrier, { path, headers, body }: Received): string[] =>
  carrier.in === 'query' ? queryValues(path, carrier.name) : valuesAt(carrier, { url: path, headers, body });

const textFault = (secret: string): string | undefined => {
  if (secret === '') return 'it is empty';
  return headerFault('x', secret) === undefined ? undefined : 'it has characters that no header may have';
};

/**
 * A secret that is sent as it is, in a header or in the query.
 * @throws {TypeError} when its value does not hold `{secret}` once
 */
export function token({ in: place, name, value = '{secret}', basis, source }: TokenScheme): Scheme {
  const [before = '', after, ...more] = value.split('{secret}');
  if (after === undefined || more.length > 0)
    throw new TypeError(`token: value "${value}" must hold one {secret}`);
  return {
    ...sentSecret({
      label: `a static token in the ${place === 'header' ? `${name} header` : `parameter ${name} of the query`}`,
      basis,
      source,
      carrier: { in: place, name },
      headers: place === 'header' && name.toLowerCase() !== 'authorization' ? [name.toLowerCase()] : [],
      valueFor: (secret) => before + secret + after,
      secretIn: (text) =>
        text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
          ? text.slice(before.length, text.length - after.length)
          : undefined,
      form: value,
    }),
    secretFault: (secret) =>
      place === 'header' ? textFault(secret) : secret === '' ? 'it is empty' : undefined,
    secretLike: (example, bytes) => `other-${hexOf(bytes)}`.slice(0, Math.max(16, example.length)),
  };
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const base64 = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

/** User and password, in the header that HTTP has for them; the secret is `user:password`. */
export function basic({ basis, source }: Omit<BasicScheme, 'kind'>): Scheme {
  return {
    ...sentSecret({
      label: 'basic auth: user and password in the Authorization header',
      basis,
      source,
      carrier: { in: 'header', name: 'authorization' },
      headers: [],
      valueFor: (secret) => `Basic ${Buffer.from(secret).toString('base64')}`,
      secretIn: (value) => {
        const text = base64.exec(value)?.[1];
        return text === undefined ? undefined : Buffer.from(text, 'base64').toString();
      },
      form: 'Basic and user:password in base64',
    }),
    secretFault: (secret) => {
      if (secret === '') return 'it is empty';
      return secret.includes(':') ? undefined : 'it has no ":" between user and password';
    },
    secretLike: (example, bytes) => {
      const user = example.split(':', 1)[0];
      return `${user}:${`other-${hexOf(bytes)}`.slice(0, Math.max(16, example.length - (user?.length ?? 0) - 1))}`;
    },
  };
}
