/** The tables of migrations 0004 and 0031 as drizzle sees them; files and proposals are read in SQL. */
import type {
  BankAccountInput,
  CentreRole,
  OrganisationKind,
  OrganisationStatus,
  Role,
} from '@seam/protocol';
import { bigint, boolean, date, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { json } from '../platform/db.ts';

const instant = (name: string) => timestamp(name, { withTimezone: true });

export const organisation = pgTable('organisation', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  nameZh: text('name_zh'),
  kind: text('kind').$type<OrganisationKind>().notNull(),
  sells: boolean('sells').notNull(),
  buys: boolean('buys').notNull(),
  legalIdKind: text('legal_id_kind').$type<'uscc' | 'lei'>().notNull(),
  legalId: text('legal_id').notNull(),
  country: text('country').notNull(),
  address: text('address').notNull(),
  contactName: text('contact_name').notNull(),
  contactEmail: text('contact_email').notNull(),
  contactPhone: text('contact_phone').notNull(),
  status: text('status').$type<OrganisationStatus>().notNull(),
  statusSince: instant('status_since').notNull(),
  createdAt: instant('created_at').notNull(),
  certifiedAt: instant('certified_at'),
  activeAt: instant('active_at'),
  certifiedUntil: date('certified_until', { mode: 'string' }),
  publicReason: text('public_reason'),
});

export const person = pgTable('person', {
  id: text('id').primaryKey(),
  organisationId: text('organisation_id'),
  staff: boolean('staff').notNull().default(false),
  robot: boolean('robot').notNull().default(false),
  name: text('name').notNull(),
  email: text('email').notNull(),
  roles: text('roles').array().$type<Role[]>().notNull().default([]),
  centreRoles: text('centre_roles').array().$type<CentreRole[]>().notNull().default([]),
  /** Minor units by currency, as text; nothing: the company has set none. */
  commitLimits: json<Readonly<Record<string, string>>>('commit_limits').notNull().default({}),
  passwordHash: text('password_hash').notNull(),
  disabledAt: instant('disabled_at'),
  createdAt: instant('created_at').notNull(),
});

export const bankAccount = pgTable('bank_account', {
  id: text('id').primaryKey(),
  organisationId: text('organisation_id').notNull(),
  holderName: text('holder_name').notNull(),
  accountNumber: text('account_number').notNull(),
  bankCodeKind: text('bank_code_kind').$type<'bic' | 'cnaps' | 'ifsc'>().notNull(),
  bankCode: text('bank_code').notNull(),
  bankName: text('bank_name').notNull(),
  currency: text('currency').$type<BankAccountInput['currency']>().notNull(),
  status: text('status').$type<'pending' | 'submitted' | 'confirmed' | 'refused'>().notNull(),
  reason: text('reason'),
  createdAt: instant('created_at').notNull(),
  submittedAt: instant('submitted_at'),
  answeredAt: instant('answered_at'),
  paysFrom: instant('pays_from'),
  changeProposalId: uuid('change_proposal_id'),
});

export const certificationStep = pgTable('certification_step', {
  seq: bigint('seq', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  organisationId: text('organisation_id').notNull(),
  at: instant('at').notNull(),
  move: text('move').notNull(),
  fromStatus: text('from_status').$type<OrganisationStatus>(),
  toStatus: text('to_status').$type<OrganisationStatus>().notNull(),
  by: text('by').$type<'company' | 'centre' | 'bank' | 'system'>().notNull(),
  personId: text('person_id'),
  reason: text('reason'),
});
