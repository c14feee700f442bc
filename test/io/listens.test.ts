import { expect, it } from 'vitest';
import { listens } from '../../src/io/listens.ts';
import { freePort } from '../helpers/net.ts';
import { receiver } from '../helpers/receiver.ts';

const { signal } = new AbortController();

it.each(['127.0.0.1', 'localhost'])('somebody at %s', async (host) => {
  const { port, requests } = await receiver();
  expect(await listens(new URL(`http://${host}:${port}/hook`), signal)).toBe(true);
  expect(requests).toEqual([]);
});

it('nobody', async () => {
  expect(await listens(new URL(`http://localhost:${await freePort()}/`), signal)).toBe(false);
});
