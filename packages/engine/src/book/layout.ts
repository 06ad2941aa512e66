/**
 * Where things lie in the arrays of a book.
 *
 * Files on the hot path take these apart at their top, as they do EVENT and FLAG: a constant of the file itself is
 * folded into the machine code, an imported one is loaded and checked at every use (measured: half the speed).
 */

/** Fields of a resting order, 32-bit integers, at its slot. */
export const ORDER_FIELD = {
  /** Slot of the order behind it in its queue; of the next free slot when nobody has this one. */
  NEXT: 0,
  PREV: 1,
  /** Lots not executed yet. */
  LEFT: 2,
  /** Its limit price. */
  AT: 3,
  ID: 4,
  /** Bit 0: side. FLAG.CREDIT: settles on a credit line. */
  KIND: 5,
  ACCOUNT: 6,
  GROUP: 7,
  /** How many fields there are. */
  STRIDE: 8,
} as const;

/** A level has eight 32-bit fields at `level << BITS`: slots of its queue's ends and how many orders. */
export const LEVEL_FIELD = {
  BITS: 3,
  HEAD: 0,
  TAIL: 1,
  COUNT: 2,
  /** Its lots, a double at `(level << TOTAL_BITS) + TOTAL` of the same bytes: sums of 32-bit integers stay exact. */
  TOTAL_BITS: 2,
  TOTAL: 2,
} as const;
