/**
 * The worked numbers of the trade, computed: one entry for each id, in the shape and with the digits in which
 * they were published. The tests compare them with numbers of their own and, where it lies beside the
 * repository, with the file they come from.
 */
import { WORKED_PRICE } from './worked-price.ts';
import { WORKED_QUALITY } from './worked-quality.ts';

export const WORKED: Readonly<Record<string, () => unknown>> = { ...WORKED_QUALITY, ...WORKED_PRICE };
