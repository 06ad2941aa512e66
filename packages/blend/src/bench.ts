/** What benchmarks need beside the package itself. */
export * from './index.ts';
export { randomLots } from './testing.ts';
