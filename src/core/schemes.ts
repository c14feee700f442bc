import { hmac } from './hmac.ts';
import type { HmacRecord } from './hmac-record.ts';
import type { Scheme } from './provider.ts';
import { none, svix } from './scheme.ts';
import type { NamedScheme, SchemeData, TokenScheme } from './scheme-data.ts';
import { ed25519 } from './schemes/ed25519.ts';
import { readyMade } from './schemes/ready-made.ts';
import { standardWebhooks } from './schemes/standard-webhooks.ts';
import { basic, token } from './schemes/token.ts';
import { twilio } from './schemes/twilio.ts';

/**
 * The scheme that data describes.
 * @throws {TypeError} when the data contradicts itself
 */
export function schemeOf(data: SchemeData): Scheme {
  if ('use' in data) return namedScheme(data);
  switch (data.kind) {
    case 'hmac': {
      const { kind: _, ...record } = data;
      return hmac(record);
    }
    case 'token':
      return token(data);
    case 'basic':
      return basic(data);
    case 'ed25519':
      return ed25519(data);
    case 'none':
      return none(data.basis, data.source);
  }
}

const rfc = 'https://www.rfc-editor.org/rfc/';

function namedScheme({ use, with: changes, ...told }: NamedScheme): Scheme {
  if (use === 'token') return token(tokenWith(told, changes));
  if (use === 'basic' || use === 'none') {
    if (changes) throw new TypeError(`with changes a record, and "${use}" has none`);
    return use === 'basic'
      ? basic({ basis: 'documented', source: `${rfc}rfc7617`, ...told })
      : none(told.basis ?? 'assumed', told.source ?? 'declared without a source');
  }
  const record: HmacRecord = { ...readyMade[use], ...changes, ...told };
  if (use === 'svix' && !changes) return { ...svix(), ...told };
  if (use === 'twilio') return twilio(record);
  return use === 'standard-webhooks' ? standardWebhooks(record) : hmac(record);
}

/** A bearer token, unless the record's place, name or value say otherwise. */
function tokenWith(
  told: Pick<NamedScheme, 'basis' | 'source'>,
  changes: Partial<HmacRecord> = {},
): TokenScheme {
  const { in: place = 'header', names, value, label: _, basis, source, ...others } = changes;
  const [other] = Object.keys(others);
  if (other !== undefined || place === 'body')
    throw new TypeError(
      `with of "token" takes in (header or query), names.signature and value, not ${other ?? 'a body'}`,
    );
  const bearer = names === undefined && place === 'header';
  return {
    kind: 'token',
    in: place,
    name: names?.signature ?? (bearer ? 'authorization' : 'token'),
    value: value?.replace('{signature}', '{secret}') ?? (bearer ? 'Bearer {secret}' : '{secret}'),
    basis: told.basis ?? basis ?? 'documented',
    source: told.source ?? source ?? `${rfc}rfc6750`,
  };
}
