import type { Fact, ReceivedFact } from '../core/facts.ts';
import { judge } from '../core/judge.ts';
import { Memory } from '../core/memory.ts';
import type { Provider } from '../core/provider.ts';
import type { Finding, Received, Verdict } from '../core/types.ts';
import { isoTime, receivedFact } from '../core/wire.ts';
import { type Limits, type Reply, type RunningServer, serve } from '../io/server.ts';

/** What a listener needs to know. */
export interface ListenOptions {
  readonly providers: readonly Provider[];
  /** Fixes whose deliveries these are; else each is recognised. */
  readonly provider?: Provider | undefined;
  readonly secretsOf: (provider: Provider) => readonly string[];
  readonly strict?: boolean;
  readonly port: number;
  readonly host?: string | undefined;
  readonly limits: Limits;
  readonly now: () => number;
}

/** Told of everything that happens. */
export type Emit = (fact: Fact) => void;

const json = [['content-type', 'application/json']] as const;

/**
 * Serves until closed: judges what comes, answers 200 or 400, tells each as a fact.
 * @throws {UsageError} when the port cannot be had
 */
export async function startListener(options: ListenOptions, emit: Emit): Promise<RunningServer> {
  const memory = new Memory();
  const verdicts = new WeakMap<Received, Verdict>();
  // The validator is the heaviest part; it loads while the listener is already open.
  const validator = lazy(async () => (await import('../core/validate.ts')).makeValidate());
  const { now } = options;
  const server = await serve({
    ...options,
    async handle(received) {
      if (received.method === 'GET' || received.method === 'HEAD') return health;
      const validate = await validator();
      const known = memory.knows;
      const verdict = judge(received, {
        ...options,
        now: now(),
        validate,
        known,
        witnesses: memory.witnesses,
      });
      memory.remember(received, verdict, options.providers);
      verdicts.set(received, verdict);
      return replyTo(verdict);
    },
    replied(received, { status }, ms) {
      const verdict = verdicts.get(received);
      if (verdict) emit(factOf(received, verdict, status, ms, now()));
    },
    rejected({ code, message }) {
      emit({ kind: 'notice', at: isoTime(now()), level: 'warning', code, message });
    },
  });
  setImmediate(() => void validator());
  return server;
}

const health: Reply = {
  status: 200,
  headers: [['content-type', 'text/plain']],
  body: 'hooks is listening\n',
};

/** Codes and messages only: an explanation could say which secret would fit. */
function replyTo({ valid, problems }: Verdict): Reply {
  const told = problems.map(({ code, message }: Finding) => ({ code, message }));
  return { status: valid ? 200 : 400, headers: json, body: `${JSON.stringify({ problems: told })}\n` };
}

function factOf(received: Received, verdict: Verdict, status: number, ms: number, at: number): ReceivedFact {
  return {
    kind: 'received',
    at: isoTime(at),
    received: receivedFact(received),
    verdict,
    replied: { status, ms },
  };
}

function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
