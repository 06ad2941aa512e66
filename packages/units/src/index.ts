export * from './brand.ts';
export * from './decimal.ts';
export * from './money.ts';
