import type { Fact, ReceivedFact } from '../core/facts.ts';
import { withHeaders } from '../core/headers.ts';
import type { Provider } from '../core/provider.ts';
import type { Script } from '../core/respond.ts';
import type { Finding, Headers, Received, Verdict } from '../core/types.ts';
import { isoTime, receivedFact } from '../core/wire.ts';
import type { Bound } from '../io/bind.ts';
import { type Limits, type Reply, serve } from '../io/server.ts';
import { pause } from './pause.ts';

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
  /** How deliveries are answered, whatever the verdict. */
  readonly answers?: {
    readonly script?: Script | undefined;
    readonly headers: Headers;
    readonly delayMs: number;
  };
}

/** Told of everything that happens. */
export type Emit = (fact: Fact) => void;

const json = [['content-type', 'application/json']] as const;

/**
 * Serves until closed: judges what comes, answers 200 or 400, tells each as a fact.
 * @throws {UsageError} when the port cannot be had
 */
export async function startListener(options: ListenOptions, emit: Emit): Promise<Bound> {
  const verdicts = new WeakMap<Received, Verdict>();
  const court = lazy(openCourt);
  const { now, answers } = options;
  let answered = 0;
  const server = await serve({
    ...options,
    async handle(received) {
      if (received.method === 'GET' || received.method === 'HEAD') return health;
      const verdict = (await court())(received, options);
      verdicts.set(received, verdict);
      const reply = replyTo(verdict, answers?.script?.(answered++), answers?.headers);
      if (answers && answers.delayMs > 0) await pause(answers.delayMs);
      return reply;
    },
    replied(received, { status }, ms) {
      const verdict = verdicts.get(received);
      if (verdict) emit(factOf(received, verdict, status, ms, now()));
    },
    rejected({ code, message }) {
      emit({ kind: 'notice', at: isoTime(now()), level: 'warning', code, message });
    },
  });
  setImmediate(() => void court());
  return server;
}

/** What judging takes, the validator above all, loads while the listener is already open. */
async function openCourt() {
  const [{ judge }, { Memory }, { makeValidate }] = await Promise.all([
    import('../core/judge.ts'),
    import('../core/memory.ts'),
    import('../core/validate.ts'),
  ]);
  const memory = new Memory();
  const validate = makeValidate();
  return (received: Received, { now, ...options }: ListenOptions): Verdict => {
    const { knows: known, witnesses } = memory;
    const verdict = judge(received, { ...options, now: now(), validate, known, witnesses });
    memory.remember(received, verdict, options.providers);
    return verdict;
  };
}

const health: Reply = {
  status: 200,
  headers: [['content-type', 'text/plain']],
  body: 'hooks is listening\n',
};

/** Codes and messages only: an explanation could say which secret would fit. */
function replyTo({ valid, problems }: Verdict, scripted: number | undefined, extra: Headers = []): Reply {
  const told = problems.map(({ code, message }: Finding) => ({ code, message }));
  const status = scripted ?? (valid ? 200 : 400);
  return { status, headers: withHeaders(json, extra), body: `${JSON.stringify({ problems: told })}\n` };
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
