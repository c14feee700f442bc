import { type Finding, otherSecret } from './finding.ts';
import type { Sample } from './sample.ts';
import type { Work } from './work.ts';

/** A scheme and the deliveries that have it. */
export interface Found {
  readonly finding: Finding;
  readonly samples: readonly Sample[];
}

/** What was found so far. */
export class Findings {
  readonly #found = new Map<string, { readonly finding: Finding; readonly samples: Sample[] }>();
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
  }

  /** The schemes, that of the first capture first. */
  get all(): Found[] {
    const { numbers } = this.#work;
    const first = ({ samples }: Found) => Math.min(...samples.map((sample) => numbers.get(sample) ?? 0));
    return [...this.#found.values()].sort((one, other) => first(one) - first(other));
  }

  /** Whether a delivery has a scheme that was found, be it with another secret; it is noted. */
  takes(sample: Sample, among: readonly Finding[] = this.all.map(({ finding }) => finding)): boolean {
    const known =
      among.find((finding) => finding.takes(sample) !== undefined) ??
      among.flatMap((finding) => otherSecret(finding, this.#work.keys, sample) ?? [])[0];
    if (known) this.add(known, sample);
    return known !== undefined;
  }

  /** Notes what was found for a delivery. */
  add(finding: Finding, sample: Sample): void {
    const entry = this.#found.get(finding.identity) ?? { finding, samples: [] };
    entry.samples.push(sample);
    this.#found.set(finding.identity, entry);
  }
}
