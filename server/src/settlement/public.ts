/** What other slices may use of settlement. */
export * from './ledger/ledger.ts';
export * from './ledger/bid-security.ts';
export * from './ledger/read.ts';
export { depositInstruction, syncOwnAccounts } from './bank/accounts.ts';
export { type BankDeps, type BankFact, stepOf } from './bank/deps.ts';
export { httpBankPort } from './bank/http-port.ts';
export { processInbox } from './bank/inbox.ts';
export type { BankPort } from './bank/port.ts';
export { bankRoutes } from './bank/routes.ts';
export { inquireDuePayments, sendDuePayments } from './bank/sending.ts';
export type { TradePorts } from './trade/ports.ts';
export { settlementRoutes } from './trade/routes.ts';
export { settlementStage } from './trade/stage.ts';
export { onPaymentFact, tradeWork } from './trade/work.ts';
