import type { LookupAddress } from 'node:dns';
import { isLoopback } from '../core/target.ts';
import type { Failure } from '../core/types.ts';

type Lookup = (
  host: string,
  options: object,
  done: (error: null, addresses: LookupAddress[]) => void,
) => void;

/** localhost and the names under it are this machine, over both families (RFC 6761), whatever the resolver knows of them. */
const lookupLoopback: Lookup = (_host, _options, done) =>
  done(null, [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]);

/** On loopback who is there answers, or has a full queue: 250 ms, after which Node gives an address up, are too few. */
const patienceMs = 60_000;

/** How sockets to a host are opened: names of this machine need no resolver, certificates may be anybody's. */
export function connectOptions(hostname: string, insecure: boolean) {
  const named = isLoopback(hostname) && /[a-z]/i.test(hostname);
  return {
    rejectUnauthorized: !insecure,
    ...(named ? { lookup: lookupLoopback, autoSelectFamilyAttemptTimeout: patienceMs } : {}),
  };
}

/** What went wrong with a connection, as a value. */
export function failureOf(error: NodeJS.ErrnoException): { failure: Failure; detail: string } {
  const code = error.code ?? '';
  // Where both families were tried the error is made of theirs, and says nothing itself.
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [];
  const detail = error.message || first?.message || code;
  if (['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'].includes(code))
    return { failure: 'refused', detail };
  if (['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENODATA'].includes(code)) return { failure: 'dns', detail };
  if (code === 'ETIMEDOUT') return { failure: 'timeout', detail };
  if (/^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH)|^EPROTO$/.test(code)) {
    return { failure: 'tls', detail };
  }
  return { failure: 'reset', detail: protocolFault(error) ?? detail };
}

/** What undici did not understand, in words; a lost connection speaks for itself. */
function protocolFault({ code = '', name, message }: NodeJS.ErrnoException): string | undefined {
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW')
    return 'the headers of the answer are larger than 16 kB';
  if (code.startsWith('HPE_')) return `what came back is not HTTP: ${message}`;
  if (name === 'AssertionError' || message === 'bad upgrade' || message === 'bad response') {
    return 'what came back is not an answer to a POST';
  }
  return undefined;
}
