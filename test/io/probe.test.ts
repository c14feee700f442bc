import { describe, expect, it } from 'vitest';
import { commandProbe, urlProbe } from '../../src/io/probe.ts';
import { makeFolder } from '../helpers/command.ts';
import { freePort } from '../helpers/net.ts';
import { isAlive, patiently, pidIn } from '../helpers/processes.ts';
import { receiver } from '../helpers/receiver.ts';

const { signal } = new AbortController();

describe('a command', () => {
  it('is run by a shell each time, and its output counts', async () => {
    using folder = makeFolder();
    const probe = commandProbe(`echo x >> '${folder.path}/log'; wc -l < '${folder.path}/log'`, signal);
    expect([await probe(), await probe()].map((text) => text.trim())).toEqual(['1', '2']);
  });

  it('has nothing on its stdin', async () => {
    expect(await commandProbe('cat', signal)()).toBe('');
  });

  it.each([
    ['ends with another code', 'echo "no such table" >&2; exit 3', /it ended with 3: no such table/],
    ['is unknown', 'no-such-command-of-hooks', /it ended with 127: .*not found/],
    ['ends without a word', 'exit 1', /^it ended with 1$/],
    ['says too much', 'head -c 100000 /dev/zero', /^it printed more than 64 kB$/],
  ])('that %s is a failure in words', async (_, command, words) => {
    await expect(commandProbe(command, signal)()).rejects.toThrow(words);
  });

  it('that does not end is stopped, and that is said', async () => {
    await expect(commandProbe('sleep 60; echo 1', signal, 100)()).rejects.toThrow(
      /^it did not end within 0\.1 s, and was stopped$/,
    );
  });

  it('ends with us', async () => {
    const stop = new AbortController();
    const reading = commandProbe('sleep 60', stop.signal)();
    stop.abort();
    await expect(reading).rejects.toThrow(/^it was interrupted$/);
    await expect(commandProbe('sleep 60', stop.signal)()).rejects.toThrow(/^it was interrupted$/);
  });

  describe.runIf(process.platform !== 'win32')('leaves nothing running', () => {
    /** A command that starts a child, and tells its process id in a file. */
    const starting = (file: string, then: string) => `sleep 60 & echo $! > '${file}'; ${then}`;

    it('when it is interrupted', async () => {
      using folder = makeFolder();
      const [file, stop] = [`${folder.path}/pid`, new AbortController()];
      const reading = commandProbe(starting(file, 'wait; echo 1'), stop.signal)();
      reading.catch(() => {});
      await expect.poll(() => pidIn(file), patiently).toBeGreaterThan(0);
      stop.abort();
      await expect(reading).rejects.toThrow(/interrupted/);
      await expect.poll(() => isAlive(pidIn(file)), patiently).toBe(false);
    });

    it('when its time is over, though it does not heed a signal', async () => {
      using folder = makeFolder();
      const file = `${folder.path}/pid`;
      const reading = commandProbe(`trap '' TERM; ${starting(file, 'wait; echo 1')}`, signal, 1000)();
      await expect(reading).rejects.toThrow(/did not end/);
      await expect.poll(() => isAlive(pidIn(file)), patiently).toBe(false);
    });

    it('when it has ended', async () => {
      using folder = makeFolder();
      const file = `${folder.path}/pid`;
      expect(await commandProbe(starting(file, 'echo 7'), signal)()).toBe('7');
      await expect.poll(() => isAlive(pidIn(file)), patiently).toBe(false);
    });
  });
});

describe('an address', () => {
  const probe = (url: string) => urlProbe(new URL(url), [['x-a', '1']], false, signal);

  it('is asked each time, and its answer counts', async () => {
    const { url, requests } = await receiver([
      { status: 200, body: ' 1\n' },
      { status: 200, body: '{"orders":2}' },
    ]);
    const read = probe(`${url}count?of=orders`);
    expect([await read(), await read()]).toEqual(['1', '{"orders":2}']);
    expect(requests[0]).toMatchObject({ method: 'GET', path: '/count?of=orders' });
    expect(requests[0]!.headers).toContainEqual(['x-a', '1']);
  });

  it.each([404, 302, 500])('that answers %i is a failure in words', async (status) => {
    const { url } = await receiver([{ status }]);
    await expect(probe(url)()).rejects.toThrow(`it answered ${status}`);
  });

  it('that is not there is a failure in words', async () => {
    await expect(probe(`http://127.0.0.1:${await freePort()}/`)()).rejects.toThrow(/^refused: /);
  });
});
