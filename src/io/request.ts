import { type ClientRequest, request as httpRequest } from 'node:http';
import type { Headers } from '../core/types.ts';
import { connectOptions } from './connect.ts';

/** The head of a request: to a host that its path cannot change. */
export interface Head {
  readonly host: URL;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Headers;
}

/** How a connection is made. */
export interface RequestOptions {
  /** Accepts certificates that nobody vouches for. */
  readonly insecure: boolean;
  readonly signal: AbortSignal;
  /** So long nothing may come, ms; then there is a `timeout` event. */
  readonly idleMs?: number;
}

/**
 * Opens a request over a connection of its own, its headers in the order and letter case in which they are given.
 * @throws {Error} of Node, for what cannot stand in a request
 */
export async function openRequest(
  { host, method, path, headers }: Head,
  { insecure, signal, idleMs }: RequestOptions,
): Promise<ClientRequest> {
  const open = host.protocol === 'https:' ? (await import('node:https')).request : httpRequest;
  return open({
    ...connectOptions(host.hostname, insecure),
    hostname: host.hostname.replace(/^\[|\]$/g, ''),
    port: host.port,
    method,
    path,
    headers: headers.flat(),
    ...(idleMs === undefined ? {} : { timeout: idleMs }),
    signal,
    agent: false,
  });
}
