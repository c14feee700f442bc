import { startListener } from '../actions/listen.ts';
import { refuseTwice } from '../core/define.ts';
import type { Fact, ReceivedFact } from '../core/facts.ts';
import type { Provider } from '../core/provider.ts';
import { findProvider } from '../core/select.ts';
import { defaultLimits } from '../io/server.ts';
import { providers as builtIn } from '../providers/index.ts';
import type { ProviderData } from './define.ts';
import { checkOptions, secretsOf } from './inputs.ts';
import { ownProvider } from './own.ts';

/** What is listened for, and how it is judged. */
export interface ListenOptions {
  /** 0 is any free one. @default 0 */
  readonly port?: number;
  /** Whose deliveries these are. @default each is recognised */
  readonly provider?: string;
  /** Providers of your own, beside the built-in ones. */
  readonly providers?: ReadonlyArray<Provider | ProviderData>;
  /** Secrets by provider. @default the public example secrets */
  readonly secrets?: Readonly<Record<string, string | readonly string[]>>;
  readonly strict?: boolean;
}

/** A running listener. */
export interface Listener {
  /** Where deliveries go: `http://localhost:53211/`. */
  readonly url: string;
  /** All that has come so far. */
  readonly received: readonly ReceivedFact[];
  /** The first delivery of an event (or of any), already here or still to come. Rejects after `timeoutMs` (5 s). */
  readonly waitFor: (event?: string, options?: { readonly timeoutMs?: number }) => Promise<ReceivedFact>;
  readonly close: () => Promise<void>;
}

/**
 * Starts a listener that verifies and validates what comes.
 * @throws {UsageError} when the port is taken, or for an unknown provider or a malformed secret
 */
export async function listen(options: ListenOptions = {}): Promise<Listener> {
  checkOptions(options, ['port', 'provider', 'providers', 'secrets', 'strict']);
  const providers = [...builtIn, ...ownProviders(options.providers ?? [])];
  const given = Object.entries(options.secrets ?? {}).map(([name, secret]) => {
    const provider = findProvider(name, providers);
    return [provider, secretsOf(provider, secret)] as const;
  });
  const secrets = new Map<Provider, readonly string[]>(given);
  const received: ReceivedFact[] = [];
  const waiting = new Set<(fact: ReceivedFact) => void>();
  const server = await startListener(
    {
      providers,
      provider: options.provider === undefined ? undefined : findProvider(options.provider, providers),
      secretsOf: (provider) => secrets.get(provider) ?? [provider.exampleSecret],
      strict: options.strict ?? false,
      port: options.port ?? 0,
      limits: defaultLimits,
      now: Date.now,
    },
    (fact: Fact) => {
      if (fact.kind !== 'received') return;
      received.push(fact);
      for (const tell of [...waiting]) tell(fact);
    },
  );
  return {
    url: `http://localhost:${server.port}/`,
    received,
    waitFor: (event, { timeoutMs = 5000 } = {}) => waitFor(event, timeoutMs, received, waiting),
    close: () => server.close(),
  };
}

/** @throws {UsageError} for one that is none, or whose name there is already */
function ownProviders(given: ReadonlyArray<Provider | ProviderData>): Provider[] {
  const own = given.map(ownProvider);
  for (const [index, each] of own.entries())
    refuseTwice(each, { builtIn, before: own.slice(0, index) }, `providers[${index}]`);
  return own;
}

function waitFor(
  event: string | undefined,
  timeoutMs: number,
  received: readonly ReceivedFact[],
  waiting: Set<(fact: ReceivedFact) => void>,
): Promise<ReceivedFact> {
  const fits = ({ verdict }: ReceivedFact) => event === undefined || verdict.event === event;
  const here = received.find(fits);
  if (here) return Promise.resolve(here);
  return new Promise((resolve, reject) => {
    const tell = (fact: ReceivedFact) => {
      if (fits(fact)) settle(() => resolve(fact));
    };
    const settle = (end: () => void) => {
      clearTimeout(timer);
      waiting.delete(tell);
      end();
    };
    const late = new Error(`no ${event ?? 'delivery'} came within ${timeoutMs} ms`);
    const timer = setTimeout(() => settle(() => reject(late)), timeoutMs);
    waiting.add(tell);
  });
}
