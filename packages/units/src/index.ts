export * from './canonical.ts';
export * from './brand.ts';
export * from './decimal.ts';
export * from './legal-id.ts';
export * from './money.ts';
export * from './share.ts';
