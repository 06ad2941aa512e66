/** What other slices and the process may use of settlement. */
export * from './ledger/ledger.ts';
export * from './ledger/bid-security.ts';
export * from './ledger/read.ts';

export { depositInstruction, syncOwnAccounts, withdrawable } from './bank/accounts.ts';
export type { DepositInstruction } from './bank/accounts.ts';
export { closeCase, identifyDeposit, unmatchedDeposits } from './bank/cases.ts';
export type { CaseKind } from './bank/cases.ts';
export { stepOf } from './bank/deps.ts';
export type { BankDeps, BankFact, BankStep } from './bank/deps.ts';
export { httpBankPort } from './bank/http-port.ts';
export { processInbox, receiveBankMessage } from './bank/inbox.ts';
export type { BankCode, BankParty } from './bank/iso20022/pain001.ts';
export { approvePayment, createPayment, failPayment, paymentById, paymentsOf } from './bank/payments.ts';
export type { NewPayment, Payment, PaymentState } from './bank/payments.ts';
export type { BankPort, CertificationRequest, OwnAccount } from './bank/port.ts';
export { bankRoutes } from './bank/routes.ts';
export { inquireDuePayments, sendDuePayments } from './bank/sending.ts';
export { verifyCallback } from './bank/signature.ts';
export { bankProof } from './bank/statements.ts';
export type { BankProof } from './bank/statements.ts';

export type { TradePorts } from './trade/ports.ts';
export { settlementRoutes } from './trade/routes.ts';
export { onPaymentFact, tradeWork } from './trade/work.ts';
