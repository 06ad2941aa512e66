/** What the examples use of the package, so that they read like a contract. */
export type { Minor } from '@seam/units';
export * from '../index.ts';
