import { networkInterfaces } from 'node:os';
import { isLoopback } from '../core/target.ts';

/** Whether a host, as a URL holds it, is where we listen at an address: itself, or any of this machine's where that is all. */
export function isOwnAddress(hostname: string, address = 'localhost'): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const all = address === '0.0.0.0' || address === '::';
  if (isLoopback(hostname)) return all || isLoopback(address.includes(':') ? `[${address}]` : address);
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all ? addresses.some((each) => each.address === host) : host === address;
}
