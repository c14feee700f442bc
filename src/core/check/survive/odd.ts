import type { Draft } from '../../provider.ts';
import { isSigned } from '../../select.ts';
import type { Headers } from '../../types.ts';
import { afterwards } from '../accept/genuine.ts';
import { genuine, unsigned } from '../forge.ts';
import type { Kit } from '../kit.ts';
import type { Expectation, Message, Rule, Trial } from '../rule.ts';

/** What is odd about a message: its body before it is signed, or the way it is sent. */
interface Oddity {
  readonly label: string;
  /** Changes the body's text before it is signed. */
  readonly edit?: (text: string) => string | Uint8Array;
  readonly extra?: Headers;
  readonly change?: (message: Message) => Message;
}

interface Survival extends Omit<Rule, 'group' | 'level' | 'expects' | 'trials' | 'sends'> {
  readonly oddities: readonly Oddity[];
  readonly sends: string;
  /** A closed connection is an answer too. */
  readonly mayClose?: boolean;
  /** Without a signature it may be accepted. */
  readonly open?: boolean;
}

/** Sends each oddity unsigned and signed, and then a genuine delivery. */
export function survives({ oddities, sends, mayClose = false, open = false, ...rule }: Survival): Rule {
  const close = mayClose ? '-or-close' : '';
  return {
    ...rule,
    group: 'survive',
    level: 'MUST',
    sends: `${sends}, unsigned and correctly signed; then a genuine delivery`,
    expects: `${open ? 'any answer below 500' : 'a 4xx unsigned, any answer below 500 signed'}${mayClose ? ', or a closed connection' : ''}; success for the genuine one`,
    trials: (kit) => {
      const checks = kit.signing === true && isSigned(kit.provider);
      const refusing = checks && !open;
      const unsignedExpectation = `stand${refusing ? '-refusing' : ''}${close}` as Expectation;
      return [
        ...oddities
          .flatMap((oddity) => [
            // How an unsigned one is refused is judged with the others.
            odd(kit, oddity, 'unsigned', unsignedExpectation, refusing && !mayClose),
            ...(checks ? [odd(kit, oddity, 'signed', `stand${close}` as Expectation, false)] : []),
          ])
          .map((trial) => ({ ...trial, beside: true })),
        afterwards(kit),
      ];
    },
  };
}

function odd(
  kit: Kit,
  { label, edit, extra, change = (message) => message }: Oddity,
  how: 'unsigned' | 'signed',
  expect: Expectation,
  bad: boolean,
): Trial {
  const made: Draft = kit.fresh(edit ? { edit } : {});
  const make = how === 'signed' ? genuine : unsigned;
  return {
    label: `${label}, ${how}`,
    expect,
    ...(bad ? { bad } : {}),
    make: (now) => change(make(kit, made, now, extra)),
  };
}
