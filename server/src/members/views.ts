/** Rows as the wire shows them. */
import type { BankAccountView, CertificationRow, CertificationStepView, PersonView } from '@seam/protocol';
import { type Currency, formatMoney } from '@seam/units';
import { waitsFor } from './lifecycle.ts';
import type { bankAccount, certificationStep, organisation, person } from './tables.ts';

type Organisation = typeof organisation.$inferSelect;
type PersonFacts = Pick<
  typeof person.$inferSelect,
  'id' | 'name' | 'email' | 'roles' | 'robot' | 'disabledAt' | 'createdAt' | 'commitLimits'
>;

const orNull = (instant: Date | null): string | null => instant?.toISOString() ?? null;

export function personView(row: PersonFacts): PersonView {
  const { id, name, email, roles, robot } = row;
  return {
    id,
    name,
    email,
    roles,
    robot,
    enabled: row.disabledAt === null,
    limits: Object.entries(row.commitLimits)
      .map(([currency, amount]) => ({
        currency: currency as Currency,
        amount: formatMoney(BigInt(amount)),
      }))
      .toSorted((a, b) => (a.currency < b.currency ? -1 : 1)),
    createdAt: row.createdAt.toISOString(),
  };
}

export function bankAccountView(row: typeof bankAccount.$inferSelect): BankAccountView {
  const { id, holderName, accountNumber, bankCode, bankCodeKind, bankName, currency, status, reason } = row;
  return {
    id,
    holderName,
    accountNumber,
    bankCode,
    bankCodeKind,
    bankName,
    currency,
    status,
    reason,
    createdAt: row.createdAt.toISOString(),
    submittedAt: orNull(row.submittedAt),
    answeredAt: orNull(row.answeredAt),
    paysFrom: orNull(row.paysFrom),
  };
}

export function certificationRow(row: Organisation): Omit<CertificationRow, 'missing' | 'proposed'> {
  const { id, name, nameZh, kind, country, legalIdKind, legalId, status } = row;
  return {
    id,
    name,
    nameZh,
    kind,
    country,
    legalIdKind,
    legalId,
    status,
    statusSince: row.statusSince.toISOString(),
    waitsFor: waitsFor(status),
    createdAt: row.createdAt.toISOString(),
  };
}

export function organisationFacts(row: Organisation) {
  const { sells, buys, address, contactName, contactEmail, contactPhone } = row;
  return {
    ...certificationRow(row),
    sells,
    buys,
    address,
    contact: { name: contactName, email: contactEmail, phone: contactPhone },
    certifiedAt: orNull(row.certifiedAt),
    activeAt: orNull(row.activeAt),
    certifiedUntil: row.certifiedUntil,
    publicReason: row.publicReason,
  };
}

/** Names of the centre's people are for the centre; the company reads who by office. */
export function stepView(
  row: typeof certificationStep.$inferSelect,
  personName: string | null,
  reader: 'company' | 'centre',
): CertificationStepView {
  return {
    at: row.at.toISOString(),
    move: row.move,
    from: row.fromStatus,
    to: row.toStatus,
    by: row.by,
    personName: row.by === 'centre' && reader === 'company' ? null : personName,
    reason: row.reason,
  };
}
