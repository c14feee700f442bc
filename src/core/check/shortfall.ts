/** Why a check found out less than it was to: it broke off, or nothing can be concluded. */
export interface Shortfall {
  readonly code:
    | 'BASELINE_REFUSED'
    | 'EFFECT_UNSEEN'
    | 'INTERRUPTED'
    | 'NOTHING_JUDGED'
    | 'RATE_LIMITED'
    | 'RECEIVER_BROKEN'
    | 'RECEIVER_GONE'
    | 'UNDECIDED';
  readonly message: string;
}
