/** pain.001: what the exchange asks its bank to pay. Written by the exchange, read by the bank. */
import { type Currency, type Minor, formatMoney, minor } from '@seam/units';
import { MESSAGE_BYTES_MAX } from './limits.ts';
import { accountNumberOf, moneyOf, partyName, writeAccount, writeMoney } from './values.ts';
import {
  BadMessage,
  type Element,
  at,
  child,
  children,
  clip,
  textElement,
  readDocument,
  required,
  text,
  writeDocument,
} from './xml.ts';

export const PAIN_001 = 'pain.001.001.09';

/** Names a bank: a BIC, a CNAPS bank number, or an IFSC. */
export type BankCode = { readonly kind: 'bic' | 'cnaps' | 'ifsc'; readonly code: string };
export type BankParty = { readonly name: string; readonly account: string; readonly bank: BankCode };
export type CreditTransfer = {
  readonly endToEndId: string;
  readonly instructionId: string;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly creditor: BankParty;
  /** Shown to the creditor. */
  readonly remittance: string;
};
export type PaymentInitiation = {
  readonly messageId: string;
  readonly createdAt: Date;
  /** Day on which the bank shall pay, YYYY-MM-DD. */
  readonly executionDay: string;
  readonly debtor: BankParty;
  /** All in the debtor account's currency. */
  readonly transfers: readonly CreditTransfer[];
};

function remittance(text: string): Record<string, unknown> {
  const free = textElement('Ustrd', text, 140);
  return 'Ustrd' in free ? { RmtInf: free } : {};
}

export function writePain001(initiation: PaymentInitiation): string {
  const { messageId, debtor, transfers } = initiation;
  const total = minor(transfers.reduce((sum, transfer) => sum + transfer.amount, 0n));
  const totals = { NbOfTxs: String(transfers.length), CtrlSum: formatMoney(total) };
  return writeDocument(PAIN_001, {
    CstmrCdtTrfInitn: {
      GrpHdr: {
        MsgId: messageId,
        CreDtTm: initiation.createdAt.toISOString(),
        ...totals,
        InitgPty: { Nm: clip(debtor.name, 140) },
      },
      PmtInf: {
        PmtInfId: messageId,
        PmtMtd: 'TRF',
        ...totals,
        ReqdExctnDt: { Dt: initiation.executionDay },
        Dbtr: { Nm: clip(debtor.name, 140) },
        DbtrAcct: writeAccount(debtor.account, transfers[0]?.currency),
        DbtrAgt: agent(debtor.bank),
        ChrgBr: 'SLEV',
        CdtTrfTxInf: transfers.map((transfer) => ({
          PmtId: { InstrId: transfer.instructionId, EndToEndId: transfer.endToEndId },
          Amt: { InstdAmt: writeMoney(transfer.amount, transfer.currency) },
          CdtrAgt: agent(transfer.creditor.bank),
          Cdtr: { Nm: clip(transfer.creditor.name, 140) },
          CdtrAcct: writeAccount(transfer.creditor.account),
          ...remittance(transfer.remittance),
        })),
      },
    },
  });
}

/** ISO 20022 external clearing system codes. */
const CLEARING = { cnaps: 'CNAPS', ifsc: 'INFSC' } as const;

function agent(bank: BankCode): Record<string, unknown> {
  if (bank.kind === 'bic') return { FinInstnId: { BICFI: bank.code } };
  return { FinInstnId: { ClrSysMmbId: { ClrSysId: { Cd: CLEARING[bank.kind] }, MmbId: bank.code } } };
}

function readAgent(institution: Element | undefined): BankCode {
  const bic = text(institution, 'BICFI');
  if (bic) return { kind: 'bic', code: bic };
  const kind = text(institution, 'ClrSysMmbId/ClrSysId/Cd') === CLEARING.ifsc ? 'ifsc' : 'cnaps';
  return { kind, code: required(institution, 'ClrSysMmbId/MmbId') };
}

/** What the bank takes from a pain.001: enough to pay, and the totals it must agree with. */
export type ReceivedTransfer = Omit<CreditTransfer, 'currency'> & { readonly currency: string };
export type ReceivedInitiation = {
  readonly messageId: string;
  readonly paymentInformationId: string;
  readonly debtorAccount: string;
  readonly transfers: readonly ReceivedTransfer[];
};

/** @throws BadMessage also when count or control sum differ from the transfers. */
export function readPain001(bytes: Uint8Array): ReceivedInitiation {
  const { message, root } = readDocument(bytes, MESSAGE_BYTES_MAX);
  if (!message.startsWith('pain.001.')) throw new BadMessage('message_unknown', message);
  const instructions = children(root, 'PmtInf');
  const [instruction] = instructions;
  if (!instruction || instructions.length > 1) throw new BadMessage('field_invalid', 'one PmtInf expected');
  const transfers = children(instruction, 'CdtTrfTxInf').map(readTransfer);
  checkTotals(child(root, 'GrpHdr'), transfers);
  const debtorAccount = accountNumberOf(child(instruction, 'DbtrAcct'));
  if (!debtorAccount) throw new BadMessage('field_missing', 'DbtrAcct');
  return {
    messageId: required(root, 'GrpHdr/MsgId'),
    paymentInformationId: required(instruction, 'PmtInfId'),
    debtorAccount,
    transfers,
  };
}

function readTransfer(element: Element): ReceivedTransfer {
  const account = accountNumberOf(child(element, 'CdtrAcct'));
  if (!account) throw new BadMessage('field_missing', 'CdtrAcct');
  const endToEndId = required(element, 'PmtId/EndToEndId');
  return {
    endToEndId,
    instructionId: text(element, 'PmtId/InstrId') ?? endToEndId,
    ...moneyOf(element, 'Amt/InstdAmt'),
    creditor: {
      name: partyName(child(element, 'Cdtr')) ?? '',
      account,
      bank: readAgent(at(element, 'CdtrAgt/FinInstnId')),
    },
    remittance: children(child(element, 'RmtInf'), 'Ustrd')
      .map((line) => line['#text'])
      .join(' '),
  };
}

function checkTotals(header: Element | undefined, transfers: readonly ReceivedTransfer[]): void {
  const total = minor(transfers.reduce((sum, transfer) => sum + transfer.amount, 0n));
  const sum = text(header, 'CtrlSum');
  if (
    required(header, 'NbOfTxs') !== String(transfers.length) ||
    (sum !== null && sum !== formatMoney(total))
  ) {
    throw new BadMessage('field_invalid', 'NbOfTxs or CtrlSum differ from the transfers');
  }
}
