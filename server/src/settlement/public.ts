/** What other slices may use of settlement. */
export * from './ledger/ledger.ts';
export * from './ledger/bid-security.ts';
export * from './ledger/read.ts';
