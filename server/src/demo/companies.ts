/**
 * The people and bank accounts of the demo: the catalogue's companies with one person each who may do
 * everything, three robots that bid, and the centre's staff.
 */
import type { RegistrationInput, Role } from '@seam/protocol';
import { type Currency, usccCheckCharacter } from '@seam/units';
import { catalogue } from './catalogue/index.ts';

export const DEMO_PASSWORD = 'black-seam-7-rivers';
export const STAFF = { name: '陈静 Chen Jing', email: 'staff@seam.example', password: DEMO_PASSWORD };
/** What needs two people can be tried with two. */
export const SECOND_STAFF = {
  name: '周立 Zhou Li',
  email: 'staff-two@seam.example',
  password: DEMO_PASSWORD,
};

const EVERYTHING: Role[] = ['admin', 'trader', 'signatory', 'finance', 'dispatcher'];
const PEOPLE = [
  'Wang Wei',
  'Li Na',
  'Zhang Min',
  'Rajesh Kumar',
  'Putu Santoso',
  'Thabo Nkosi',
  'Emma Clarke',
  'Maria Torres',
];
/** Bank code of the demo bank for each currency: a form that the currency's banks use. */
const BANK_CODES: Partial<Record<Currency, string>> = { CNY: '102100099996', INR: 'SEAM0000001' };
const BIC = 'SEAMCNBJXXX';

export type DemoCompanyAccount = {
  readonly key: string;
  readonly registration: RegistrationInput;
  readonly login: { readonly email: string; readonly password: string };
  readonly robot: boolean;
  readonly sells: boolean;
  readonly currency: Currency;
};

export function demoCompanies(): DemoCompanyAccount[] {
  const companies = [...catalogue.producers, ...catalogue.buyers].map((company, index) =>
    account({
      key: company.key,
      index,
      name: company.name,
      nameZh: company.nameZh,
      kind: company.kind,
      legalId: company.legalId,
      country: company.country,
      address: company.address,
      currency: company.currency,
      person: PEOPLE[index % PEOPLE.length]!,
      robot: false,
    }),
  );
  const traders = [...companies, ...robots(companies.length)];
  return [...traders, ...carriers(traders.length)];
}

/** They bring coal and own none. */
function carriers(after: number): DemoCompanyAccount[] {
  const names = [
    ['Yanshan Rail Logistics', '燕山铁路物流', 'Qinhuangdao, Hebei'],
    ['Bohai Gull Shipping', '渤海鸥航运', 'Tianjin'],
  ] as const;
  return names.map(([name, nameZh, address], n) =>
    account({
      key: `carrier_${n + 1}`,
      index: after + n,
      name: `${name} (Demo)`,
      nameZh: `${nameZh}（演示）`,
      kind: 'carrier',
      legalId: usable(`91130300DEMA0R0C${n + 1}`),
      country: 'CN',
      address,
      currency: 'CNY',
      person: PEOPLE[n]!,
      robot: false,
    }),
  );
}

function robots(after: number): DemoCompanyAccount[] {
  const names = [
    ['Blue Heron Robot Trading', '蓝鹭机器人贸易', 'CNY'],
    ['Grey Wolf Robot Trading', '灰狼机器人贸易', 'CNY'],
    ['Red Kite Robot Trading', '红鸢机器人贸易', 'CNY'],
  ] as const;
  return names.map(([name, nameZh, currency], n) => {
    const body = `91310000DEMA0R0B${n + 1}`;
    return account({
      key: `robot_${n + 1}`,
      index: after + n,
      name: `${name} (Demo)`,
      nameZh: `${nameZh}（演示）`,
      kind: 'trader',
      legalId: usable(body),
      country: 'CN',
      address: 'Pudong, Shanghai',
      currency,
      person: `Robot ${n + 1}`,
      robot: true,
    });
  });
}

/** GB 32100 has no I, O, S, V, Z: the body is made of what it allows. */
function usable(body: string): string {
  const allowed = body.replaceAll('O', '0').replaceAll('S', '5').slice(0, 17);
  return allowed + usccCheckCharacter(allowed);
}

function account(of: {
  key: string;
  index: number;
  name: string;
  nameZh: string;
  kind: 'producer' | 'buyer' | 'trader' | 'carrier';
  legalId: string;
  country: string;
  address: string;
  currency: Currency;
  person: string;
  robot: boolean;
}): DemoCompanyAccount {
  const email = `${of.key.replaceAll('_', '-')}@seam.example`;
  return {
    key: of.key,
    robot: of.robot,
    sells: of.kind !== 'buyer' && of.kind !== 'carrier',
    currency: of.currency,
    login: { email, password: DEMO_PASSWORD },
    registration: {
      organisation: {
        name: of.name,
        nameZh: of.nameZh,
        kind: of.kind,
        sells: of.kind !== 'buyer' && of.kind !== 'carrier',
        buys: of.kind !== 'producer' && of.kind !== 'carrier',
        legalId: of.legalId,
        country: of.country,
        address: of.address,
        contact: { name: of.person, email, phone: '+86 351 000 0000' },
      },
      bankAccount: {
        holderName: of.name,
        accountNumber: `6222${String(10_000_000 + of.index)}`,
        bankCode: BANK_CODES[of.currency] ?? BIC,
        bankName: 'Seam Demo Bank',
        currency: of.currency,
      },
      admin: { name: of.person, email, password: DEMO_PASSWORD, roles: EVERYTHING },
    },
  };
}
