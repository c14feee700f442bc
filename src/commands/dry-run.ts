import type { Context } from '../context.ts';
import { type Seal, seal } from '../core/craft.ts';
import { maskRequest } from '../core/mask.ts';
import { curlLine, httpMessage, type RequestFormat } from '../core/request-text.ts';
import type { Delivery } from '../core/types.ts';
import { deliveryFact, isoTime } from '../core/wire.ts';
import { codeAfter } from '../exit-codes.ts';
import { ndjson } from '../report/ndjson.ts';
import type { Reporter } from '../report/reporter.ts';
import type { Crafted } from './crafting.ts';
import { drained, notice } from './reporting.ts';

/** The flags that say how requests are printed. */
export interface DryRunFlags {
  readonly format?: RequestFormat;
  readonly json?: boolean;
  readonly showSecrets?: boolean;
  readonly signedAt?: number;
}

/** Prints what would be sent; gives the exit code. */
export async function printRequests(
  batch: Crafted,
  route: Omit<Seal, 'at'>,
  flags: DryRunFlags,
  context: Context,
  reporter: Reporter,
): Promise<number> {
  const say = (code: string, message: string) => reporter.fact(notice(context, 'info', code, message));
  let masks = false;
  for (let index = 0; index < batch.total; index++) {
    // Between two of them a signal is heard, or that the reader left, and what was written is let go.
    if (index > 0) await immediate();
    if (context.interrupt.aborted) break;
    const draft = batch.draft(index);
    if (index === 0 && draft.seed !== undefined && !flags.json) say('SEED', `seed ${draft.seed}`);
    const at = flags.signedAt ?? context.now();
    const delivery = seal(draft, { ...route, at });
    const masked = maskRequest(delivery, draft.provider);
    const shown = flags.showSecrets ? delivery : { ...delivery, ...masked };
    if (index > 0 && !flags.json && (flags.format ?? 'http') === 'http') context.out.write('\n\n');
    print(shown, at, draft.seed, flags, context);
    await drained(context);
    masks ||= JSON.stringify(masked) !== JSON.stringify({ url: delivery.url, headers: delivery.headers });
  }
  if (!flags.showSecrets && masks) say('MASKED', 'credentials are masked; --show-secrets prints them');
  return codeAfter(context.interrupt, 0);
}

const immediate = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function print(
  delivery: Delivery,
  at: number,
  seed: number | undefined,
  flags: DryRunFlags,
  context: Context,
): void {
  if (flags.json || flags.format === 'json') {
    ndjson(context).fact({ kind: 'delivery', at: isoTime(at), delivery: deliveryFact(delivery), seed });
  } else context.out.write(flags.format === 'curl' ? `${curlLine(delivery)}\n` : httpMessage(delivery));
}
