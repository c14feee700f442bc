/** A timer that is set to more fires at once, ms. */
export const longestTimer = 2 ** 31 - 1;
