/**
 * The online banking of the demo's bank: what a company does outside the exchange so that money can come
 * in. Exists only in a demo; with a real bank these routes answer 404.
 */
import { createHash } from 'node:crypto';
import { type DemoBankAccount, demoRoutes as r } from '@seam/protocol';
import { parseMoney } from '@seam/units';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CustomerAccount, OutsideWorld } from '../bank-simulator/client.ts';
import { bankCodeKind } from '../members/public.ts';
import { Fault } from '../platform/fault.ts';
import { type HttpDeps, act } from '../platform/http.ts';
import { newId } from '../platform/id.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';

export type DemoBankDeps = { readonly demo: boolean; readonly world: OutsideWorld };

/** In every account that is opened. Major units. */
const OPENING_BALANCE = '100000000.00';

export function demoBankRoutes(app: FastifyInstance, deps: HttpDeps & DemoBankDeps): void {
  const { world } = deps;
  act(app, deps, r.openDemoBankAccount, async ({ body }) => {
    if (!deps.demo) return refuse('resource.not_found');
    const accountNumber = plain(body.accountNumber);
    if (!accountNumber) return wrong('demo_bank.account_number_form', 'accountNumber');
    const code = body.bankCode.replaceAll(' ', '').toUpperCase();
    const kind = bankCodeKind(code);
    if (!kind) return wrong('demo_bank.bank_code_form', 'bankCode');
    const { holderName, legalId, currency } = body;
    const opened = await answered(
      world.openAccount({
        holderName,
        legalId,
        currency,
        accountNumber,
        bank: { kind, code },
        openingBalance: OPENING_BALANCE,
      }),
    );
    return isRefusal(opened) ? opened : shown(opened);
  });
  act(app, deps, r.demoBankAccount, async ({ params }) => {
    if (!deps.demo) return refuse('resource.not_found');
    const account = await find(world, params.number);
    return isRefusal(account) ? account : shown(account);
  });
  act(app, deps, r.payFromDemoBank, async ({ body, httpRequest }) => {
    if (!deps.demo) return refuse('resource.not_found');
    const account = await find(world, body.fromAccount, 'fromAccount');
    if (isRefusal(account)) return account;
    if ((parseMoney(body.amount) ?? 0n) <= 0n) return wrong('demo_bank.amount_not_positive', 'amount');
    if (account.currency !== body.toCurrency) return wrong('demo_bank.currency_differs', 'toCurrency');
    const paid = await answered(
      world.transfer({
        transferId: transferId(httpRequest),
        fromAccount: account.number,
        amount: body.amount,
        reference: body.reference,
      }),
    );
    if (isRefusal(paid)) return paid;
    const after = await find(world, account.number);
    return isRefusal(after) ? after : { bankReference: paid.ref, account: shown(after) };
  });
  act(app, deps, r.closeDemoBankDay, async () => {
    if (!deps.demo) return refuse('resource.not_found');
    const closed = await answered(world.endOfDay());
    return isRefusal(closed) ? closed : {};
  });
}

const wrong = (code: Refusal['refused'], field: string): Refusal =>
  refuse(code, { fields: { [field]: code } });

/** As the bank writes it; undefined when no account can have this number. */
function plain(accountNumber: string): string | undefined {
  const text = accountNumber.replaceAll(/[ -]/g, '').toUpperCase();
  return /^[0-9A-Z]{5,34}$/.test(text) ? text : undefined;
}

async function find(
  world: OutsideWorld,
  accountNumber: string,
  field?: string,
): Promise<CustomerAccount | Refusal> {
  const unknown = field ? wrong('demo_bank.account_unknown', field) : refuse('demo_bank.account_unknown');
  const number = plain(accountNumber);
  if (!number) return unknown;
  try {
    return await world.account(number);
  } catch (error) {
    // The client faults when the bank is silent or broken, and throws anything else only on its 404.
    if (error instanceof Fault) throw error;
    return unknown;
  }
}

/** The same key of the same caller names the same transfer: the bank moves it once. */
function transferId(httpRequest: FastifyRequest): string {
  const key = httpRequest.headers['idempotency-key'];
  if (typeof key !== 'string') return `web-${newId()}`;
  const caller = httpRequest.principal?.personId ?? httpRequest.ip;
  return `web-${createHash('sha256').update(`${caller} ${key}`).digest('hex').slice(0, 48)}`;
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  account_taken: wrong('demo_bank.account_taken', 'accountNumber'),
  account_unknown: wrong('demo_bank.account_unknown', 'fromAccount'),
  AM04: wrong('demo_bank.insufficient_funds', 'amount'),
  AC01: wrong('demo_bank.currency_differs', 'toCurrency'),
  AM05: refuse('demo_bank.transfer_conflict'),
};

/** What the bank says no to is a refusal; its silence stays a fault. */
async function answered<T>(call: Promise<T>): Promise<T | Refusal> {
  try {
    return await call;
  } catch (error) {
    const code = refusalCode(error);
    if (code === undefined) throw error;
    return REFUSALS[code] ?? refuse('demo_bank.refused', { detail: code });
  }
}

/** The bank's code in a fault whose cause reads `422 {"code":"AM04",…}`; undefined when the bank did not answer 4xx. */
function refusalCode(error: unknown): string | undefined {
  const cause = error instanceof Fault && error.cause instanceof Error ? error.cause.message : '';
  return /^4(?:00|09|22) \{"code":"(\w+)"/.exec(cause)?.[1];
}

function shown(account: CustomerAccount): DemoBankAccount {
  const { number, holderName, currency, bank, balance } = account;
  return {
    number,
    holderName,
    currency: currency as DemoBankAccount['currency'],
    bankCode: bank.code,
    balance,
  };
}
