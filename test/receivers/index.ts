import { body } from './broken/body.ts';
import { bodyHmacs } from './broken/body-hmac.ts';
import { crash } from './broken/crash.ts';
import { expressJson } from './broken/express-json.ts';
import { fastifyJson } from './broken/fastify-json.ts';
import { identity } from './broken/identity.ts';
import { prototypePolluted } from './broken/prototype-polluted.ts';
import { signature } from './broken/signature.ts';
import { spent } from './broken/spent.ts';
import { time } from './broken/time.ts';
import { windmill } from './broken/windmill.ts';
import { start as bodyHmac } from './correct/body-hmac.ts';
import { start as byFamily } from './correct/by-family.ts';
import { start as byHand } from './correct/by-hand.ts';
import { start as expressRaw } from './correct/express-raw.ts';
import { start as fastifyRaw } from './correct/fastify-raw.ts';
import { start as idempotent } from './correct/idempotent.ts';
import { start as queueing } from './correct/queueing.ts';
import { start as queueingOneByOne } from './correct/queueing-one-by-one.ts';
import { start as standardWebhooks } from './correct/standard-webhooks.ts';
import { start as svix } from './correct/svix.ts';
import type { Broken, Listed } from './serve.ts';

/** Receivers that do everything right, each in its own way. */
export const correct: readonly Listed[] = [
  { name: 'svix', provider: 'roastify', start: svix },
  { name: 'standard-webhooks', provider: 'roastify', start: standardWebhooks },
  { name: 'express-raw', provider: 'roastify', start: expressRaw },
  { name: 'fastify-raw', provider: 'roastify', start: fastifyRaw },
  { name: 'by-hand', provider: 'roastify', start: byHand },
  { name: 'by-family', provider: 'roastify', start: byFamily },
  { name: 'queueing', provider: 'roastify', start: queueing },
  { name: 'queueing-one-by-one', provider: 'roastify', start: queueingOneByOne },
  { name: 'idempotent', provider: 'roastify', start: idempotent },
  { name: 'body-hmac', provider: 'shoprocket', start: bodyHmac },
];

/** Receivers with one mistake each. */
export const broken: readonly Broken[] = [
  ...signature,
  ...time,
  ...body,
  ...identity,
  ...crash,
  prototypePolluted,
  ...spent,
  ...windmill,
  ...bodyHmacs,
  expressJson,
  fastifyJson,
];
