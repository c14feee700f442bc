import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { UsageError } from '../errors.ts';
import { onAbort } from './abort.ts';
import { longestTimer } from './timer.ts';

/** Where to listen. */
export interface Address {
  /** 0 is any free one. */
  readonly port: number;
  /** The address to bind; none, or localhost: loopback, IPv4 and IPv6. */
  readonly host?: string | undefined;
}

/** A port on which somebody listens. */
export interface Bound {
  readonly port: number;
  /** Takes nothing new. What is on its way may come to its end, for a second; `moreMs` allows more, unless `hurry` is aborted. */
  readonly close: (moreMs?: number, hurry?: AbortSignal) => Promise<void>;
}

/** What is on its way when a listener ends gets so long to come to its end, ms. */
const graceMs = 1000;

/**
 * Listens on loopback (both families) or on one address.
 * @param make a new server; each address gets one
 * @throws {UsageError} when the port is taken or the address cannot be bound
 */
export async function listenOn(address: Address, make: () => Server): Promise<Bound> {
  const { port, host = 'localhost' } = address;
  try {
    return await (host === 'localhost' ? onLoopback(port, make) : at(host, port, make));
  } catch (error) {
    throw bindFault(error as NodeJS.ErrnoException, address);
  }
}

async function onLoopback(port: number, make: () => Server, tries = 5): Promise<Bound> {
  const ipv4 = await at('127.0.0.1', port, make);
  try {
    const ipv6 = await at('::1', ipv4.port, make);
    const close: Bound['close'] = async (...how) =>
      void (await Promise.all([ipv4.close(...how), ipv6.close(...how)]));
    return { port: ipv4.port, close };
  } catch (error) {
    // A machine without IPv6 listens on IPv4 alone; a port that is free on one family only is taken.
    if (isAbsentFamily(error as NodeJS.ErrnoException)) return ipv4;
    await ipv4.close();
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (port === 0 && taken && tries > 1) return onLoopback(port, make, tries - 1);
    throw error;
  }
}

async function at(host: string, port: number, make: () => Server): Promise<Bound> {
  const server = make();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    unoptimised(() => server.listen({ port, host }, resolve));
  });
  return { port: (server.address() as AddressInfo).port, close: (...how) => close(server, ...how) };
}

/** Node tells an IPv6 address by a regular expression that V8 takes 3 ms to optimise, and it is used once. */
function unoptimised(work: () => void): void {
  setFlagsFromString('--no-regexp-optimization');
  try {
    work();
  } finally {
    setFlagsFromString('--regexp-optimization');
  }
}

/** Those whose last connections we have closed. */
const cut = new WeakSet<Server>();

/** Whether a server has been closed with what was still on its way, so that nobody else ended it. */
export const isCut = (server: Server): boolean => cut.has(server);

async function close(server: Server, moreMs = 0, hurry?: AbortSignal): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const end = () => {
    cut.add(server);
    server.closeAllConnections();
  };
  // A timer that is set to more fires at once.
  let timer = setTimeout(end, Math.min(graceMs + moreMs, longestTimer));
  const release = onAbort(hurry, () => {
    clearTimeout(timer);
    timer = setTimeout(end, graceMs);
  });
  await closed;
  release();
  clearTimeout(timer);
}

const isAbsentFamily = ({ code = '' }: NodeJS.ErrnoException): boolean =>
  ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(code);

function bindFault({ code, message }: NodeJS.ErrnoException, { port, host }: Address): UsageError {
  switch (code) {
    case 'EADDRINUSE':
      return new UsageError(
        `port ${port} is taken`,
        'choose another with --port, or any free one with --port 0',
      );
    case 'EACCES':
      return new UsageError(
        `port ${port} needs more rights than you have`,
        'choose one above 1023 with --port',
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new UsageError(
        `--host ${host} is not an address of this machine`,
        '`ip addr` or `ifconfig` lists them',
      );
    default:
      return new UsageError(`cannot listen on ${host ?? 'loopback'} port ${port}: ${message}`);
  }
}
