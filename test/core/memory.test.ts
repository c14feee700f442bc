import { expect, it } from 'vitest';
import { Memory } from '../../src/core/memory.ts';
import { providers } from '../../src/providers/index.ts';
import {
  fromRoastify,
  fromRoseRocket,
  judged,
  roastify,
  roseRocket,
  shoprocket,
} from '../helpers/deliveries.ts';

const remember = (memory: Memory, received = fromRoastify()) => {
  const verdict = judged(received);
  memory.remember(received, verdict, providers);
  return verdict;
};
const verdict = { valid: true, provider: 'roastify', signed: true, problems: [] };

it('knows a valid delivery, by its provider and its identity', () => {
  const memory = new Memory();
  remember(memory);
  const { id } = remember(memory, fromRoseRocket());
  expect(memory.knows(roastify, 'msg_1')).toBe(true);
  expect(memory.knows(roseRocket, id!)).toBe(true);
  expect(memory.knows(roastify, 'msg_2')).toBe(false);
  expect(memory.knows(shoprocket, 'msg_1')).toBe(false);
});

it('does not know a forged one, so that the real one is no duplicate of it', () => {
  const memory = new Memory();
  expect(remember(memory, fromRoastify({ key: 'forged' })).valid).toBe(false);
  expect(memory.knows(roastify, 'msg_1')).toBe(false);
});

it('keeps id, time and signatures of what came, forged or not, as witnesses', () => {
  const memory = new Memory();
  const received = fromRoastify({ key: 'forged' });
  remember(memory, received);
  const [, , [, timestamp], [, signature]] = received.headers as [unknown, unknown, string[], string[]];
  expect(memory.witnesses).toEqual([{ id: 'msg_1', timestamp, signatures: [signature!.slice(3)] }]);
});

it.each([
  ['no id', fromRoseRocket()],
  ['a long id', fromRoastify({ id: 'x'.repeat(513) })],
  ['a long time', fromRoastify({ timestamp: '1'.repeat(513) })],
  ['a long signature', fromRoastify({ write: (mac) => `v1,${mac.toString('base64').repeat(20)}` })],
])('keeps no witness with %s', (_, received) => {
  const memory = new Memory();
  remember(memory, received);
  expect(memory.witnesses).toEqual([]);
});

it('keeps nothing of a delivery of nobody', () => {
  const memory = new Memory();
  memory.remember(fromRoastify(), { valid: true, id: 'msg_1', signed: false, problems: [] }, providers);
  expect([memory.witnesses, memory.knows(roastify, 'msg_1')]).toEqual([[], false]);
});

it('keeps 200 witnesses and 100,000 identities, the latest', () => {
  const memory = new Memory();
  const received = { ...fromRoastify(), body: Buffer.of() };
  for (let i = 0; i < 100_001; i++) memory.remember(received, { ...verdict, id: String(i) }, providers);
  expect(memory.witnesses).toHaveLength(200);
  const known = ['0', '1', '99999', '100000'].map((id) => memory.knows(roastify, id));
  expect(known).toEqual([false, true, true, true]);
});

it('keeps one that came again longer', () => {
  const memory = new Memory();
  const received = { ...fromRoastify(), headers: [] };
  const see = (id: number) => memory.remember(received, { ...verdict, id: String(id) }, providers);
  for (let i = 0; i < 100_000; i++) see(i);
  see(0);
  see(100_000);
  expect([memory.knows(roastify, '0'), memory.knows(roastify, '1')]).toEqual([true, false]);
});
