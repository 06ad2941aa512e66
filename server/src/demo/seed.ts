/**
 * Furnishes a new exchange so that it lives from the first minute: companies with accounts at the demo
 * bank and money paid in, mines, lots and requests of the catalogue. Each step finds what an earlier,
 * interrupted run has made.
 */
import { outsideWorld } from '../bank-simulator/client.ts';
import type { Deps } from '../deps.ts';
import { createDemoMember, createStaff, bankCodeKind } from '../members/public.ts';
import { assert } from '../platform/fault.ts';
import { depositInstruction, processInbox } from '../settlement/public.ts';
import { catalogue } from './catalogue/index.ts';
import { type DemoCompanyAccount, SECOND_STAFF, STAFF, demoCompanies } from './companies.ts';
import { seedLanes } from './seed-lanes.ts';
import { seedListings } from './seed-listings.ts';

export type DemoLogin = {
  readonly who: string;
  readonly email: string;
  readonly password: string;
  readonly robot: boolean;
};

/** In the customer's own account at the bank, and of that paid in to the exchange. Major units. */
const AT_BANK = '900000000.00';
const PAID_IN = '60000000.00';

export async function seedDemo(
  deps: Deps,
  bank: { bankUrl: string; bankSecret: string },
): Promise<DemoLogin[]> {
  const companies = demoCompanies();
  const [done] = await deps.sql`select 1 from installation_secret where name = 'demo-furnished'`;
  if (!done) {
    await furnish(deps, bank, companies);
    await deps.sql`insert into installation_secret (name, value) values ('demo-furnished', 'yes') on conflict do nothing`;
  }
  return logins(companies);
}

async function furnish(
  deps: Deps,
  bank: { bankUrl: string; bankSecret: string },
  companies: readonly DemoCompanyAccount[],
): Promise<void> {
  const world = outsideWorld({ url: bank.bankUrl, secret: bank.bankSecret, clock: deps.clock });
  const staffPersonId = await createStaff(deps.sql, STAFF, deps.clock);
  await createStaff(deps.sql, SECOND_STAFF, deps.clock);
  const members = new Map<string, { organisationId: string; personId: string }>();
  for (const company of companies) {
    const { organisation, bankAccount, admin } = company.registration;
    const kind = bankCodeKind(bankAccount.bankCode);
    assert(kind, `bank code ${bankAccount.bankCode}`);
    await world.openAccount({
      holderName: bankAccount.holderName,
      legalId: organisation.legalId,
      currency: bankAccount.currency,
      openingBalance: AT_BANK,
      accountNumber: bankAccount.accountNumber,
      bank: { kind, code: bankAccount.bankCode },
    });
    const made = await createDemoMember(deps.sql, company.registration, {
      staffPersonId,
      robots: company.robot ? [admin.email] : [],
      clock: deps.clock,
    });
    members.set(company.key, { organisationId: made.organisationId, personId: made.personIds[admin.email]! });
    // Who only sells needs money too: an order book holds some of both sides.
    await payIn(deps, world, company, made.organisationId);
  }
  await processInbox(deps.bank);
  await seedListings(
    deps.sql,
    { clock: deps.clock, organisations: deps.listings.organisations, accountOf: deps.requests.accountOf },
    { catalogue, members },
  );
  await seedLanes(
    deps.sql,
    { clock: deps.clock, isCarrier: deps.freight.isCarrier },
    { staffPersonId, members },
  );
}

async function payIn(
  deps: Deps,
  world: ReturnType<typeof outsideWorld>,
  company: DemoCompanyAccount,
  organisationId: string,
): Promise<void> {
  const instruction = await depositInstruction(deps.sql, organisationId, company.currency);
  if (!instruction) return;
  await world.transfer({
    transferId: `demo-${company.key}`,
    fromAccount: company.registration.bankAccount.accountNumber,
    amount: PAID_IN,
    reference: instruction.reference,
  });
}

/** What the terminal shows: one of each role, in the order of a trade. */
function logins(companies: readonly DemoCompanyAccount[]): DemoLogin[] {
  const cny = companies.filter((company) => company.currency === 'CNY' && !company.robot);
  const login = (company: DemoCompanyAccount | undefined, who: string): DemoLogin[] =>
    company
      ? [{ who: `${who} · ${company.registration.organisation.name}`, ...company.login, robot: false }]
      : [];
  const buyers = cny.filter((company) => !company.sells);
  return [
    ...login(
      cny.find((company) => company.registration.organisation.kind === 'producer'),
      'Producer',
    ),
    ...login(buyers[0], 'Buyer'),
    ...login(buyers[1], 'Buyer'),
    ...login(
      cny.find((company) => company.registration.organisation.kind === 'carrier'),
      'Carrier',
    ),
    { who: 'Centre staff', email: STAFF.email, password: STAFF.password, robot: false },
    {
      who: 'Centre staff, for second approvals',
      email: SECOND_STAFF.email,
      password: SECOND_STAFF.password,
      robot: false,
    },
  ];
}
