/** pain.002: what became of the payments of a pain.001. A status, not yet a confirmation of money. */
import { MESSAGE_BYTES_MAX } from './limits.ts';
import { codeOf } from './values.ts';
import { BadMessage, children, readDocument, required, textElement, writeDocument } from './xml.ts';

export const PAIN_002 = 'pain.002.001.11';

/** ISO external codes: accepted for processing, in process, settled at the debtor's side, rejected, pending. */
export type TransactionStatus = 'ACTC' | 'ACCP' | 'ACSP' | 'ACSC' | 'RJCT' | 'PDNG';

export type PaymentStatus = {
  readonly endToEndId: string;
  readonly status: TransactionStatus;
  /** ISO reason code of a rejection, for example AC01, AM04. */
  readonly reason: string | null;
  readonly detail: string | null;
};
export type StatusReport = {
  readonly messageId: string;
  readonly originalMessageId: string;
  readonly statuses: readonly PaymentStatus[];
};

export function writePain002(
  report: StatusReport & { readonly createdAt: Date; readonly originalPaymentInformationId: string },
): string {
  return writeDocument(PAIN_002, {
    CstmrPmtStsRpt: {
      GrpHdr: { MsgId: report.messageId, CreDtTm: report.createdAt.toISOString() },
      OrgnlGrpInfAndSts: { OrgnlMsgId: report.originalMessageId, OrgnlMsgNmId: 'pain.001' },
      OrgnlPmtInfAndSts: {
        OrgnlPmtInfId: report.originalPaymentInformationId,
        TxInfAndSts: report.statuses.map((one) => ({
          OrgnlEndToEndId: one.endToEndId,
          TxSts: one.status,
          ...(one.reason
            ? {
                StsRsnInf: {
                  Rsn: { Cd: one.reason },
                  ...textElement('AddtlInf', one.detail, 105),
                },
              }
            : {}),
        })),
      },
    },
  });
}

const STATUSES: ReadonlySet<string> = new Set(['ACTC', 'ACCP', 'ACSP', 'ACSC', 'RJCT', 'PDNG']);

/**
 * Reads versions 03 to 11. A group status without transactions yields an empty list: it speaks about
 * no payment by name, so nothing follows from it.
 * @throws BadMessage
 */
export function readPain002(bytes: Uint8Array): StatusReport {
  const { message, root } = readDocument(bytes, MESSAGE_BYTES_MAX);
  if (!message.startsWith('pain.002.')) throw new BadMessage('message_unknown', message);
  const statuses = children(root, 'OrgnlPmtInfAndSts').flatMap((instruction) =>
    children(instruction, 'TxInfAndSts').map((transaction): PaymentStatus => {
      const status = required(transaction, 'TxSts');
      if (!STATUSES.has(status)) throw new BadMessage('field_invalid', `TxSts ${status.slice(0, 10)}`);
      const [reason] = children(transaction, 'StsRsnInf');
      return {
        endToEndId: required(transaction, 'OrgnlEndToEndId'),
        status: status as TransactionStatus,
        reason: codeOf(reason, 'Rsn'),
        detail:
          children(reason, 'AddtlInf')
            .map((line) => line['#text'])
            .join(' ') || null,
      };
    }),
  );
  return {
    messageId: required(root, 'GrpHdr/MsgId'),
    originalMessageId: required(root, 'OrgnlGrpInfAndSts/OrgnlMsgId'),
    statuses,
  };
}
