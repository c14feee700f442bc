import { expect, it } from 'vitest';
import { cutOff, isCut } from '../../src/io/cut.ts';
import { makeLog } from '../helpers/log.ts';
import { freePort, tcpServer } from '../helpers/net.ts';

const messageTo = (port: number, body = '{"a":1}') => ({
  url: `http://127.0.0.1:${port}/in`,
  headers: [['content-type', 'application/json']] as const,
  body: Buffer.from(body),
});

it('the head comes whole, and half of the body', async () => {
  const texts = makeLog<string>();
  const port = await tcpServer((socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('end', () => texts.add(text));
  });
  const answer = await cutOff(messageTo(port), { timeoutMs: 20_000 });
  expect([isCut(answer), answer]).toEqual([
    true,
    {
      failure: 'aborted',
      detail: expect.stringMatching(/^closed on purpose after \d+ of \d+ bytes$/),
      ms: expect.any(Number),
    },
  ]);
  const [text] = await texts.reaches(1);
  const [head = '', body] = text!.split('\r\n\r\n');
  expect([head.split('\r\n')[0], body]).toEqual(['POST /in HTTP/1.1', '{"a']);
  expect(head).toContain('content-length: 7');
});

it('nobody there is a refusal, and nothing was cut', async () => {
  const answer = await cutOff(messageTo(await freePort()), { timeoutMs: 20_000 });
  expect([isCut(answer), answer]).toEqual([false, expect.objectContaining({ failure: 'refused' })]);
});

it('one who takes the connection and reads nothing is told from one who takes none', async () => {
  const port = await tcpServer((socket) => socket.pause());
  const answer = await cutOff(messageTo(port, 'a'.repeat(50_000_000)), { timeoutMs: 300 });
  expect(answer).toMatchObject({ failure: 'timeout', detail: 'it was not taken within 300 ms' });
});

it('a connection that breaks is no cut', async () => {
  const port = await tcpServer((socket) => socket.resetAndDestroy());
  const answer = await cutOff(messageTo(port, 'a'.repeat(50_000_000)), { timeoutMs: 20_000 });
  expect([isCut(answer), answer]).toEqual([false, expect.objectContaining({ failure: 'reset' })]);
});

it('who interrupts is not kept', async () => {
  const interrupt = new AbortController();
  const port = await tcpServer((socket) => {
    socket.pause();
    interrupt.abort();
  });
  const message = messageTo(port, 'a'.repeat(50_000_000));
  const interrupted = { failure: 'aborted', detail: 'interrupted', ms: expect.any(Number) };
  for (let time = 0; time < 2; time++)
    expect(await cutOff(message, { timeoutMs: 20_000 }, interrupt.signal)).toEqual(interrupted);
});
