import { genuine } from '../forge.ts';
import { links } from '../links.ts';
import type { Message, Rule } from '../rule.ts';
import { accepted } from './genuine.ts';

/** Headers as they may be written. */
export const headerRules: readonly Rule[] = [
  {
    id: 'header-case',
    group: 'accept',
    level: 'SHOULD',
    title: 'finds headers in any letter case',
    why: 'Header names have no case, and HTTP/2 and proxies write them in lower case. A receiver that looks one up as it is printed in the docs finds nothing.',
    link: links.http,
    sends: 'a genuine delivery, its header names in upper case, and in lower case',
    expects: 'success for each',
    remedy: 'look headers up by a function that ignores case',
    trials: (kit) =>
      (['upper', 'lower'] as const).map((letters) => {
        const made = kit.fresh();
        return accepted(`${letters} case`, (now) => cased(genuine(kit, made, now), letters));
      }),
  },
  {
    id: 'content-type-charset',
    group: 'accept',
    level: 'MUST',
    title: 'takes a content type with a charset',
    why: 'application/json; charset=utf-8 is the same type, and senders switch between the two. A comparison with === refuses it.',
    link: links.http,
    sends: 'a genuine delivery with Content-Type: application/json; charset=utf-8',
    expects: 'success',
    remedy: 'compare the type before the semicolon',
    trials: (kit) => {
      const made = kit.fresh();
      const extra = [['content-type', 'application/json; charset=utf-8']] as const;
      return [accepted('application/json; charset=utf-8', (now) => genuine(kit, made, now, extra))];
    },
  },
];

const cased = (message: Message, letters: 'upper' | 'lower'): Message => ({
  ...message,
  headers: message.headers.map(([name, value]) => [
    letters === 'upper' ? name.toUpperCase() : name.toLowerCase(),
    value,
  ]),
});
