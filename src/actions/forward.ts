import { endToEnd, header, withHeaders } from '../core/headers.ts';
import { maskUrl } from '../core/mask.ts';
import { pathAt, type Target } from '../core/target.ts';
import type { Answer, Headers, Received } from '../core/types.ts';
import { type ForwardOptions, forward } from '../io/forward.ts';
import type { Reply } from '../io/server.ts';
import { beginHop } from './circles.ts';

/** How a delivery is passed on. */
export interface PassOptions extends ForwardOptions {
  readonly target: Target;
}

/** Where a target takes a request for a path, as it is told and recorded: its own token is no part of what came. */
export const forwardedUrl = (target: Target, path: string): string =>
  maskUrl(target.url.origin + pathAt(target, path));

/**
 * Passes a delivery on, bytes and headers as they came; the answer is the receiver's, or 502 or 504 where there is none, or
 * 508 where it was passed on before and came back.
 * @param over told of the answer, the status for the sender, and whether that has gone out, when all of it has come
 */
export async function passOn(
  received: Received,
  { target, ...options }: PassOptions,
  over: (answer: Answer, status: number, begun: boolean) => Promise<void>,
): Promise<Reply> {
  const hop = beginHop(received, target);
  if (!hop) return inCircles(over);
  const message = {
    ...received,
    host: target.url,
    path: pathAt(target, received.path),
    headers: [...headersFor(received, target), ...hop.mark],
  };
  let status: number | undefined;
  let words = '';
  const arriving = await forward(message, options, (answer) => {
    hop.over();
    const begun = status !== undefined;
    if ('failure' in answer) {
      status ??= answer.failure === 'timeout' ? 504 : 502;
      words = `${answer.failure}, ${answer.detail}`;
    }
    return over(answer, status ?? (answer as { status: number }).status, begun);
  });
  if (!arriving) return unanswered(status ?? 502, words);
  if (arriving.status < 200) {
    arriving.body.destroy();
    return unanswered(502, `its status is ${arriving.status}`);
  }
  status = arriving.status;
  const { reason, ...answer } = arriving;
  return { ...answer, ...(sendable.test(reason) ? { reason } : {}), headers: endToEnd(arriving.headers) };
}

/** The words of a status as they can stand in an answer. */
const sendable = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The headers as they came; the host is the target's, and the length that of the whole body. */
function headersFor({ headers, body }: Received, { url, headers: own }: Target): Headers {
  const kept = endToEnd(headers).map(([name, value]): readonly [string, string] =>
    name.toLowerCase() === 'host' ? [name, url.host] : [name, value],
  );
  const added: [string, string][] = [
    ...(header(kept, 'host') === undefined ? [['host', url.host] as [string, string]] : []),
    ...(header(kept, 'content-length') === undefined
      ? [['content-length', String(body.length)] as [string, string]]
      : []),
  ];
  return withHeaders([...kept, ...added], own);
}

/** Nobody would ever answer. */
async function inCircles(
  over: (answer: Answer, status: number, begun: boolean) => Promise<void>,
): Promise<Reply> {
  const detail = 'it was passed on before and came back: the way leads in a circle';
  await over({ failure: 'aborted', detail, ms: 0 }, 508, false);
  return problemReply(508, 'FORWARD_LOOP', detail);
}

const unanswered = (status: number, words: string): Reply =>
  problemReply(status, 'FORWARD_FAILED', `the receiver did not answer: ${words}`);

function problemReply(status: number, code: string, message: string): Reply {
  const problem = { code, message };
  return {
    status,
    headers: [['content-type', 'application/json']],
    body: `${JSON.stringify({ problems: [problem] })}\n`,
  };
}
