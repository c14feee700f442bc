import { type Found, longest } from '../actions/captures.ts';
import { clip } from '../core/printable.ts';
import { formatSize } from '../core/quantity.ts';
import { UsageError } from '../errors.ts';

/** Counts what was skipped in a file of captures or of a capture, what in it is no delivery, and what it says was lost. */
export class SkippedCount {
  #count = 0;
  #first: Extract<Found, { readonly skipped: string }> | undefined;

  #tooLong = 0;
  #firstLong = 0;
  #facts = false;
  #lost = 0;
  #headers = 0;
  #firstHeader: { readonly name: string; readonly number: number } | undefined;

  readonly take = (found: Found): void => {
    if ('lost' in found) this.#lost += found.lost;
    this.#facts ||= 'passed' in found;
    if ('capture' in found) this.#takeHeaders(found);
    if (!('skipped' in found)) return;
    if (found.tooLong) {
      this.#tooLong += 1;
      this.#firstLong ||= found.number;
      return;
    }
    this.#count += 1;
    this.#first ??= found;
  };

  #takeHeaders({ capture: { lacks }, number = 1 }: Extract<Found, { readonly capture: unknown }>): void {
    if (lacks === undefined) return;
    this.#headers += lacks.length;
    this.#firstHeader ??= { name: lacks[0] as string, number };
  }

  /** What the recording lacks, by its own words; nothing where it is whole. */
  get lost(): string | undefined {
    if (this.#lost === 0) return undefined;
    const facts = this.#lost === 1 ? '1 fact was' : `${this.#lost} facts were`;
    return `the recording is not whole: ${facts} lost when it was written`;
  }

  /** It is a recording: there are facts that are no deliveries. */
  get isRecording(): boolean {
    return this.#facts;
  }

  /** Whether a line was skipped for its length alone: it may well be a delivery. */
  get isShort(): boolean {
    return this.#tooLong > 0;
  }

  /** What was skipped, and where first; nothing where nothing was. */
  get words(): string | undefined {
    return [this.#faultWords, this.#longWords, this.headerWords].filter(Boolean).join('; ') || undefined;
  }

  /** Which headers were left out of what is used, and where first; nothing where none was. */
  get headerWords(): string | undefined {
    if (!this.#firstHeader) return undefined;
    const { name, number } = this.#firstHeader;
    const where = `${name === '' ? 'one without a name' : `"${clip(name, 60)}"`} in entry ${number}`;
    if (this.#headers === 1) return `a header is no name and value of text and was left out: ${where}`;
    return `${this.#headers} headers are no names and values of text and were left out, the first is ${where}`;
  }

  get #longWords(): string | undefined {
    const limit = `longer than ${formatSize(longest)}`;
    if (this.#tooLong === 0) return undefined;
    if (this.#tooLong === 1) return `line ${this.#firstLong} is ${limit} and was skipped`;
    return `${this.#tooLong} lines are ${limit} and were skipped, the first is line ${this.#firstLong}`;
  }

  get #faultWords(): string | undefined {
    if (!this.#first) return undefined;
    const { skipped, number } = this.#first;
    const fault = skipped === 'line' ? 'no fact' : 'no whole request';
    if (this.#count === 1) return `${skipped} ${number} is ${fault} and was skipped`;
    const units = skipped === 'line' ? 'lines are no facts' : 'entries are no whole requests';
    return `${this.#count} ${units} and were skipped, the first is ${skipped} ${number}`;
  }
}

/**
 * The error for a file without a delivery.
 * @param alone the option that takes a body without its headers
 */
export const noDelivery = (file: string, alone: string): UsageError =>
  new UsageError(
    `FILE ${file} holds no delivery`,
    `it takes a raw HTTP request, a HAR file, a curl command line, or the lines that \`hooks listen --json\` prints; for a body alone use ${alone}`,
  );
