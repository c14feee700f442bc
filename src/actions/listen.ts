import type { Fact, ReceivedFact } from '../core/facts.ts';
import { withHeaders } from '../core/headers.ts';
import type { Provider } from '../core/provider.ts';
import type { Script } from '../core/respond.ts';
import type { Learning } from '../core/stranger.ts';
import type { Target } from '../core/target.ts';
import type { Finding, Headers, Received, Verdict } from '../core/types.ts';
import { answerFact, isoTime, receivedFact } from '../core/wire.ts';
import type { Bound } from '../io/bind.ts';
import type { Rejection } from '../io/rejection.ts';
import type { Sender } from '../io/sender.ts';
import { type Limits, type Reply, serve } from '../io/server.ts';
import { openCourt } from './listen/court.ts';
import { type Answered, makeTeller } from './listen/teller.ts';
import { pause } from './pause.ts';

/** What a listener needs to know. */
export interface ListenOptions {
  readonly providers: readonly Provider[];
  /** Fixes whose deliveries these are; else each is recognised. */
  readonly provider?: Provider | undefined;
  readonly secretsOf: (provider: Provider) => readonly string[];
  readonly strict?: boolean;
  /** What an unknown signature could be learnt from. */
  readonly learning?: Learning | undefined;
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
  /** Where deliveries are passed on to; whoever answers there answers the sender. */
  readonly forwarding?: Forwarding | undefined;
  /** Told of each delivery before the sender has its whole answer, which waits for this. */
  readonly keep?: ((fact: ReceivedFact) => Promise<void>) | undefined;
  /** Told of each request that never became a delivery, after its notice. */
  readonly rejected?: ((rejection: Rejection) => void) | undefined;
}

/** How a listener passes deliveries on. */
export interface Forwarding {
  /** Where to; nothing: we answer ourselves. */
  readonly targetOf: (verdict: Verdict) => Target | undefined;
  /** Accepts certificates that nobody vouches for. */
  readonly insecure: boolean;
}

/** Told of everything that happens. */
export type Emit = (fact: Fact) => void;

const json = [['content-type', 'application/json']] as const;

/**
 * Serves until closed: judges what comes, answers or passes it on, tells each as a fact.
 * @throws {UsageError} when the port cannot be had
 */
export async function startListener(options: ListenOptions, emit: Emit): Promise<Bound> {
  const court = lazy(() => openCourt(options));
  const { now, answers } = options;
  const warn = (code: string, message: string) =>
    emit({ kind: 'notice', at: isoTime(now()), level: 'warning', code, message });
  const teller = makeTeller(emit, ({ message }) => warn('INTERNAL', `a delivery cannot be told: ${message}`));
  let answered = 0;
  const answer = async (received: Received, sender: Sender): Promise<Answered> => {
    const started = performance.now();
    const verdict = (await court())(received);
    if (answers && answers.delayMs > 0) await pause(answers.delayMs, sender.left);
    const settle = settling(received, verdict, started, sender, options);
    const target = options.forwarding?.targetOf(verdict);
    if (target) return passing(received, verdict, target, sender, settle, options);
    const reply = replyTo(verdict, answers?.script?.(answered++), answers?.headers);
    // Whoever has an answer finds it in the recording, whatever becomes of us.
    return { reply, fact: await settle(reply.status) };
  };
  const server = await serve({
    ...options,
    handle(received, sender) {
      if (received.method === 'GET' || received.method === 'HEAD') return health;
      return teller.begin(sender, answer(received, sender));
    },
    rejected(rejection) {
      warn(rejection.code, rejection.message);
      options.rejected?.(rejection);
    },
  });
  setImmediate(() => court().catch(() => {}));
  return {
    port: server.port,
    async close(...how) {
      await server.close(...how);
      await teller.done();
    },
  };
}

/**
 * Makes the fact of a delivery when it is answered, and keeps it.
 * @param begun the answer has begun to go out
 */
type Settle = (status: number, forwarded?: Forwarded, begun?: boolean) => Promise<ReceivedFact>;
type Forwarded = ReceivedFact['forwarded'];

const settling =
  (
    received: Received,
    verdict: Verdict,
    started: number,
    sender: Sender,
    { now, keep }: ListenOptions,
  ): Settle =>
  async (status, forwarded, begun = false) => {
    const unanswered = begun ? undefined : sender.gone;
    const replied = { status, ms: Math.round((performance.now() - started) * 10) / 10 };
    const fact: ReceivedFact = {
      kind: 'received',
      at: isoTime(now()),
      received: receivedFact(received),
      verdict,
      ...(unanswered ? { unanswered } : { replied }),
      ...(forwarded ? { forwarded } : {}),
    };
    await keep?.(fact);
    return fact;
  };

/** Passing on loads when it is asked for. */
async function passing(
  received: Received,
  verdict: Verdict,
  target: Target,
  sender: Sender,
  settle: Settle,
  { providers, forwarding }: ListenOptions,
): Promise<Answered> {
  const { forwardedUrl, passOn } = await import('./forward.ts');
  const policy = providers.find(({ name }) => name === verdict.provider)?.policy;
  const options = {
    target,
    sender,
    insecure: forwarding?.insecure ?? false,
    timeoutMs: policy?.timeoutMs.value ?? forwardMs,
  };
  const url = forwardedUrl(target, received.path);
  let over: (fact: Promise<ReceivedFact>) => void = () => {};
  const fact = new Promise<ReceivedFact>((resolve) => {
    over = resolve;
  });
  const reply = await passOn(received, options, async (answer, status, begun) => {
    const settled = settle(status, { url, answer: answerFact(answer) }, begun);
    over(settled);
    await settled;
  });
  return { reply, fact };
}

/** A receiver is waited for so long, ms, where it is not known how long the sender waits. */
export const forwardMs = 15_000;

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

function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
