/**
 * What follows the market's word on awards that are confirmed, signed, and may fall: contracts are made and
 * ended, money leaves account by account, and what contracts come to is told to the market.
 *
 * Who wins between a signature and a deadline is decided by the contract's row: the market is told of what
 * the row came to, never the other way round.
 */
import { type Awarding, type CommandBody, requiredSecurity } from '@seam/engine';
import { applyBidSecurity } from '@seam/ledger';
import { type Currency, lots, minor } from '@seam/units';
import { eq } from 'drizzle-orm';
import { contractOfOrigin, createSale, voidContract } from '../contracts/public.ts';
import { directionOf } from '../exchange/format-terms.ts';
import { type Connection, type Tx, orm } from '../platform/db.ts';
import { Fault, assert } from '../platform/fault.ts';
import { newId } from '../platform/id.ts';
import type { WorkHandler, WorkItem } from '../platform/outbox.ts';
import { post, resolve } from '../settlement/public.ts';
import { type GoodsPorts, auctionById } from './commands.ts';
import { concludeGoods, forfeitPenalties, heatOf, kilogramsOf, partiesOf } from './goods.ts';
import { STAFF_ACTOR } from './market.ts';
import { originOf } from './queries.ts';
import { type AuctionRow, auctionSecurityOutcome, auctionSupply } from './tables.ts';
import type { WorkDeps } from './work.ts';

type AwardLine = Awarding['awards'][number];
type OfAward = { readonly row: AuctionRow; readonly award: AwardLine };

export function afterCloseWork(deps: WorkDeps): WorkHandler[] {
  return [
    { topic: 'auctions.contract', write: async (tx, item) => makeContract(tx, await awardOf(tx, item)) },
    {
      topic: 'auctions.void_contract',
      async write(tx, item) {
        await endContract(tx, await awardOf(tx, item));
      },
    },
    { topic: 'auctions.settle_security', write: async (tx, { payload }) => settleSecurity(tx, payload) },
    { topic: 'auctions.sign_due', run: async (item) => signDue(deps, await awardOf(deps.sql, item)) },
    { topic: 'auctions.contract_ended', run: async (item) => contractEnded(deps, item) },
  ];
}

async function awardOf(connection: Connection, { payload }: Pick<WorkItem, 'payload'>): Promise<OfAward> {
  const row = await auctionById(connection, String(payload['auctionId']));
  const award = row?.awarding?.awards.find((line) => line.number === payload['number']);
  assert(row && award, `award ${String(payload['number'])} of auction ${String(payload['auctionId'])}`);
  return { row, award };
}

/** Once it is confirmed, and unless it has fallen since. */
async function makeContract(tx: Tx, { row, award }: OfAward): Promise<void> {
  if (award.state !== 'confirmed') return;
  const supplies = await orm(tx).select().from(auctionSupply).where(eq(auctionSupply.auctionId, row.id));
  await createSale(tx, {
    originKey: originOf(row, award, true),
    originKind: 'auction',
    originId: row.id,
    ...partiesOf(row, supplies, award.accountId),
    quantityKg: kilogramsOf(row, { quantityLots: award.quantity }),
    pricePerTonne: BigInt(award.price) * BigInt(row.terms.tickSize),
    currency: row.terms.currency,
    promisedHeat: await heatOf(tx, row, award.bidSeq),
  });
}

/** @returns whose fault it is that it is not signed, or `signed`. */
export async function endContract(
  tx: Tx,
  { row, award }: OfAward,
  end: { readonly reason: string; readonly lapsed?: boolean } = { reason: 'The award has fallen.' },
): Promise<'signed' | 'winner' | 'owner'> {
  const contractId = await contractOfOrigin(tx, originOf(row, award, true));
  // Without a contract nobody could sign.
  if (contractId === undefined) return 'owner';
  const { outcome, sellerSigned } = await voidContract(tx, { contractId, ...end });
  if (outcome === 'signed') return 'signed';
  const winnerIsSeller = directionOf(row.terms) === 'buy';
  return sellerSigned === winnerIsSeller ? 'owner' : 'winner';
}

/** The time to sign is over. */
async function signDue(deps: WorkDeps, of: OfAward): Promise<(tx: Tx) => Promise<void>> {
  if (of.award.state !== 'confirmed') return async () => {};
  const fault = await deps.sql.begin(async (tx) =>
    endContract(tx, of, { reason: 'The time to sign is over.', lapsed: true }),
  );
  if (fault === 'signed') return async () => {};
  await tell(deps, fault === 'winner' ? lapse(of) : release(of, 'the contract was not signed by the owner'));
  return async () => {};
}

function lapse({ row, award }: OfAward): CommandBody {
  const { accountId, number } = award;
  return { type: 'lapse_award', auctionId: row.id, accountId, number };
}

function release({ row, award }: OfAward, reason: string): CommandBody {
  const { accountId, number } = award;
  return { type: 'release_award', auctionId: row.id, accountId, number, reason };
}

/** Both have signed, or one of them will not. */
async function contractEnded(deps: WorkDeps, item: WorkItem): Promise<(tx: Tx) => Promise<void>> {
  const [sale] = await deps.sql<{ key: string }[]>`select s.origin_key as key from sale s
    join contract c on c.sale_id = s.id where c.id = ${String(item.payload['contractId'])}`;
  const [, auctionId, , number] = sale?.key.split(':') ?? [];
  const of = await awardOf(deps.sql, { payload: { auctionId, number: Number(number) } });
  const { row, award } = of;
  const { accountId } = award;
  const own = { auctionId: row.id, accountId, number: award.number };
  const winner = directionOf(row.terms) === 'buy' ? 'seller_declined' : 'buyer_declined';
  const what = item.payload['what'];
  const signed: CommandBody = { type: 'conclude_award', ...own };
  const why =
    what === 'centre_refused' ? 'the centre refused to sign the contract' : 'the owner declined to sign';
  const declined: CommandBody = what === winner ? { type: 'decline_award', ...own } : release(of, why);
  await tell(deps, what === 'signed' ? signed : declined);
  return async () => {};
}

/** A refusal is the end of it too: the award came to something else before. But nobody may be late by our clock. */
async function tell({ market }: Pick<WorkDeps, 'market'>, body: CommandBody): Promise<void> {
  const outcome = await market.submit({ actor: STAFF_ACTOR, cmdId: `${body.type}.${newId()}`, body });
  if (outcome.status === 'refused') throw new Fault('service.unavailable', `market: ${outcome.code}`);
  if (outcome.status === 'rejected' && outcome.rejection.code === 'award_not_due') {
    throw new Fault('service.unavailable', 'the market’s clock is behind');
  }
}

/** Once for each company: what its contracts need stands behind the first of them, penalties are paid. */
async function settleSecurity(tx: Tx, payload: Record<string, unknown>): Promise<void> {
  const auctionId = String(payload['auctionId']);
  const orgId = String(payload['accountId']);
  const row = await auctionById(tx, auctionId);
  const rows = await orm(tx)
    .select()
    .from(auctionSecurityOutcome)
    .where(eq(auctionSecurityOutcome.auctionId, auctionId));
  const outcome = rows.find((one) => one.accountId === orgId);
  assert(row && outcome, `security of ${orgId} in auction ${auctionId}`);
  // What may be forfeited stays as it is, neither held nor free, until that is decided.
  const retained = minor(outcome.retained + outcome.forfeitProposed);
  const resolved = await resolve(tx, { auctionId, orgId, retained });
  assert(resolved.ok, `security of ${orgId} in auction ${auctionId}`);
  if (!row.terms.waiting || row.state !== 'awarded') return;
  const own = (row.awarding?.awards ?? []).filter(
    (line) => line.accountId === orgId && line.state === 'concluded',
  );
  const amount = requiredSecurity(row.terms, lots(own.reduce((sum, line) => sum + line.quantity, 0)));
  if (own[0] && amount > 0n) {
    const contractId = await contractOfOrigin(tx, originOf(row, own[0], true));
    assert(contractId, `award ${own[0].number} of auction ${auctionId} is concluded without a contract`);
    const currency = row.terms.currency as Currency;
    const applied = await post(tx, applyBidSecurity({ contractId, orgId, currency, amount: minor(amount) }));
    assert(applied.ok, `security of ${orgId} for contract ${contractId}`);
  }
  await forfeitPenalties(tx, row, new Map([[orgId, outcome.retained - amount]]));
}

/** Every award has come to something: what was not sold is on the market again. */
export async function concludeAwards(
  tx: Tx,
  deps: GoodsPorts,
  row: AuctionRow,
  { awards }: Awarding,
): Promise<void> {
  const concluded = awards.filter((line) => line.state === 'concluded');
  const kilograms = (lines: readonly AwardLine[]): bigint =>
    lines.reduce((sum, line) => sum + kilogramsOf(row, { quantityLots: line.quantity }), 0n);
  await concludeGoods(tx, deps, row, kilograms(concluded));
  const supplies = await orm(tx).select().from(auctionSupply).where(eq(auctionSupply.auctionId, row.id));
  for (const { listingId, accountId } of supplies.toSorted((a, b) => (a.listingId < b.listingId ? -1 : 1))) {
    const soldKg = kilograms(concluded.filter((line) => line.accountId === accountId));
    await deps.listings.concludeAuction(tx, { listingId, soldKg });
  }
}
