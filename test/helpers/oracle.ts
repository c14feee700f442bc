import { createHmac } from 'node:crypto';

/** The schemes, written down once more from their descriptions and sharing no code with the command. */

type Pairs = Array<[string, string]>;

/** The public example secrets. */
export const examples = {
  roastify: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  shoprocket: 'example-secret-for-shoprocket',
  'rose-rocket': 'example-secret-for-rose-rocket',
} as const;

/** Another secret of Svix's form. */
export const otherWhsec = `whsec_${Buffer.from('0123456789abcdefghijklmnopqrstuv').toString('base64')}`;

/** The seconds of now, as Svix's header has them. */
export const nowSeconds = (): string => String(Math.floor(Date.now() / 1000));

/** The bare Svix signature. */
export const svixDigest = (
  body: string | Uint8Array,
  id: string,
  time: string,
  secret: string = examples.roastify,
  key: Uint8Array = Buffer.from(secret.slice(6), 'base64'),
): string => createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest('base64');

/** The headers of a Roastify delivery. */
export function svixHeaders(
  body: string | Uint8Array,
  { id = 'msg_1', time = nowSeconds(), secret = examples.roastify as string } = {},
): Pairs {
  return [
    ['content-type', 'application/json'],
    ['svix-id', id],
    ['svix-timestamp', time],
    ['svix-signature', `v1,${svixDigest(body, id, time, secret)}`],
  ];
}

/** The HMAC-SHA256 of a body in hex. */
export const hexDigest = (body: string | Uint8Array, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('hex');

/** The headers of a Shoprocket delivery. */
export const shoprocketHeaders = (body: string | Uint8Array, secret: string = examples.shoprocket): Pairs => [
  ['content-type', 'application/json'],
  ['Signature', hexDigest(body, secret)],
];
