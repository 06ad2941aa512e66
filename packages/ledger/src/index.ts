export * from './accounts.ts';
export * from './bank.ts';
export * from './contract.ts';
export * from './conversion.ts';
export * from './exposure.ts';
export * from './posting.ts';
export * from './rounding.ts';
export * from './security.ts';
