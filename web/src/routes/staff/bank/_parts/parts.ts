/** The parts of the bank's desk, in the order they are looked at. */
export const PARTS = ['payments', 'suspense', 'statements', 'cases', 'limits', 'calendar'] as const;
export type Part = (typeof PARTS)[number];
