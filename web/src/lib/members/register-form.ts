/** A typed registration as the exchange wants it. Rows of people that were left empty are left out. */
import type { OrganisationKind, RegistrationInput } from '@seam/protocol';
import { text } from '#lib/form/server.ts';
import { PERSON_ROWS } from './rows.ts';
import { BANK_FIELDS, bankAccountOf, missing, password, rolesOf } from './wire-form.ts';

const ORGANISATION_FIELDS = [
  'organisation.name',
  'organisation.kind',
  'organisation.legalId',
  'organisation.country',
  'organisation.address',
  'organisation.contact.name',
  'organisation.contact.email',
  'organisation.contact.phone',
] as const;

export type ReadRegistration = {
  readonly body: RegistrationInput;
  /** Faults that need no exchange to be found. */
  readonly fields: Readonly<Record<string, string>>;
  /** `people.0` of the exchange is the first row that was filled. */
  readonly rename: (name: string) => string;
};

export function readRegistration(data: FormData): ReadRegistration {
  const rows = PERSON_ROWS.filter((row) =>
    ['name', 'email', 'password'].some((part) => text(data, `people.${row}.${part}`) !== ''),
  );
  const kind = text(data, 'organisation.kind') as OrganisationKind;
  const both = kind !== 'carrier' && (data.get('organisation.bothSides') === 'on' || kind === 'trader');
  const nameZh = text(data, 'organisation.nameZh');
  const people = rows.map((row) => ({
    name: text(data, `people.${row}.name`),
    email: text(data, `people.${row}.email`),
    password: password(data, `people.${row}.password`),
    roles: rolesOf(data, `people.${row}.roles.`),
  }));
  const body: RegistrationInput = {
    organisation: {
      name: text(data, 'organisation.name'),
      ...(nameZh === '' ? {} : { nameZh }),
      kind,
      sells: both || kind === 'producer',
      buys: both || kind === 'buyer',
      legalId: text(data, 'organisation.legalId').normalize('NFKC'),
      country: text(data, 'organisation.country'),
      address: text(data, 'organisation.address'),
      contact: {
        name: text(data, 'organisation.contact.name'),
        email: text(data, 'organisation.contact.email'),
        phone: text(data, 'organisation.contact.phone'),
      },
    },
    bankAccount: bankAccountOf(data),
    admin: {
      name: text(data, 'admin.name'),
      email: text(data, 'admin.email'),
      password: password(data, 'admin.password'),
      roles: rolesOf(data, 'admin.roles.'),
    },
    people,
  };
  const names = [
    ...ORGANISATION_FIELDS,
    ...BANK_FIELDS,
    ...['name', 'email', 'password'].map((part) => `admin.${part}`),
    ...rows.flatMap((row) => ['name', 'email', 'password'].map((part) => `people.${row}.${part}`)),
  ];
  const withoutRole = rows.filter((row) => rolesOf(data, `people.${row}.roles.`).length === 0);
  return {
    body,
    fields: {
      ...missing(data, names),
      ...Object.fromEntries(withoutRole.map((row) => [`people.${row}.roles`, 'field.required'])),
    },
    rename: (name) =>
      name.replace(/^people\.(\d+)/, (_, index: string) => `people.${rows[Number(index)] ?? index}`),
  };
}
