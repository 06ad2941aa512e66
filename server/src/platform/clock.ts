/** Where slices get the time, so that tests can turn it. The market has its own (exchange/). */
export type Clock = { now(): Date };
export const systemClock: Clock = { now: () => new Date() };
