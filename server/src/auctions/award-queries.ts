/** Awards after the close, as people read them: under the same names as in the auction. */
import { type Awarding, requiredSecurity } from '@seam/engine';
import type { AuctionAwards } from '@seam/protocol';
import { formatMoney, instant, lots, ticks } from '@seam/units';
import { asc, eq } from 'drizzle-orm';
import { contractOfOrigin } from '../contracts/public.ts';
import { massText, priceText } from '../exchange/grid.ts';
import { pseudonyms } from '../exchange/pseudonyms.ts';
import { type Connection, orm } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { type NamesOf, originOf } from './queries.ts';
import { type AuctionRow, auctionAward } from './tables.ts';

export type Viewer = {
  readonly principal: Principal | null;
  readonly secret: string;
  readonly namesOf: NamesOf;
  readonly now: Date;
};
type Line = Awarding['awards'][number];
type Company = NonNullable<AuctionAwards['awards'][number]['organisation']>;

export async function awardsOf(
  connection: Connection,
  row: AuctionRow,
  { principal, secret, namesOf, now }: Viewer,
): Promise<AuctionAwards> {
  const { terms, awarding } = row;
  const viewer = principal?.staff ? null : (principal?.organisationId ?? null);
  const isStaff = principal?.staff ?? false;
  const { waiting = [] } = awarding ?? {};
  const awards = await linesOf(connection, row);
  const names = pseudonyms(secret, row.id, await biddersOf(connection, row, awards));
  const companies = await companiesOf(connection, namesOf, awards);
  const line = (of: Pick<Line, 'accountId' | 'price' | 'quantity'>) => ({
    bidder: names.get(of.accountId) ?? '',
    price: priceText(terms, of.price),
    quantity: massText(terms, of.quantity),
    mine: of.accountId === viewer,
  });
  const isParty = ({ accountId }: Line): boolean => isStaff || accountId === viewer || viewer === row.ownerId;
  const isStandstill = row.state === 'standstill';
  const endsAt = isStandstill ? (awarding?.standstillEndsAt ?? null) : null;
  const after = terms.waiting?.withdrawAfterMs ?? null;
  return {
    auctionId: row.id,
    state: row.state,
    standstillEndsAt: endsAt === null ? null : text(endsAt),
    standstillReason: isStandstill ? row.standstillReason : null,
    myPart: await partOf(connection, row, viewer),
    mayWaiveReserve: isStandstill && viewer === row.ownerId && (awarding?.belowReserve ?? null) !== null,
    awards: await Promise.all(
      awards.map(async (award) => ({
        number: award.number,
        ...line(award),
        state: award.state,
        dueAt: award.dueAt === null ? null : text(award.dueAt),
        organisation: mayName(award, isStaff, viewer === row.ownerId)
          ? (companies.get(award.accountId) ?? null)
          : null,
        contractId: isParty(award) ? await contractOf(connection, row, { award, awards }) : null,
        securityAtRisk: award.accountId === viewer ? atRisk(row, { award, awards }) : null,
      })),
    ),
    waiting: waiting.map(line),
    withdrawFrom: awarding && after !== null && waiting.length > 0 ? text(awarding.closedAt + after) : null,
    serverTime: now.toISOString(),
  };
}

/** What was awarded; where nothing was to be confirmed, a final award is a contract that waits for signatures. */
async function linesOf(connection: Connection, row: AuctionRow): Promise<readonly Line[]> {
  const { awarding, state, terms } = row;
  if (awarding !== null) {
    const isFinal = state === 'awarded' && !terms.waiting;
    return isFinal ? awarding.awards.map((award) => ({ ...award, state: 'confirmed' })) : awarding.awards;
  }
  if (state !== 'awarded') return [];
  const rows = await orm(connection)
    .select()
    .from(auctionAward)
    .where(eq(auctionAward.auctionId, row.id))
    .orderBy(asc(auctionAward.number));
  return rows.map(({ priceTicks, quantityLots, accountId, bidSeq, number }) => {
    const [price, quantity] = [ticks(priceTicks), lots(quantityLots)];
    return { accountId, bidSeq, number, price, quantity, state: 'confirmed', dueAt: null };
  });
}

/** A company's name is its counterparty's from the moment there is a contract between them. */
function mayName({ state }: Line, isStaff: boolean, isOwner: boolean): boolean {
  return isStaff || (isOwner && (state === 'confirmed' || state === 'concluded'));
}

async function companiesOf(connection: Connection, namesOf: NamesOf, awards: readonly Line[]) {
  const names = await namesOf(connection, [...new Set(awards.map((award) => award.accountId))]);
  return new Map<string, Company>([...names].map(([id, { name, nameZh }]) => [id, { id, name, nameZh }]));
}

type OfAward = { readonly award: Line; readonly awards: readonly Line[] };

async function contractOf(connection: Connection, row: AuctionRow, { award, awards }: OfAward) {
  const own = awards
    .filter((one) => one.accountId === award.accountId)
    .toSorted((a, b) => a.bidSeq - b.bidSeq);
  return (await contractOfOrigin(connection, originOf(row, award, own[0] === award))) ?? null;
}

/** What its fall would add to what is not given back, by the engine's own measure. */
function atRisk({ terms }: AuctionRow, { award, awards }: OfAward): string | null {
  if (award.state !== 'pending' && award.state !== 'confirmed') return null;
  if (!terms.waiting) return null;
  const done = awards.filter(
    ({ accountId, state }) =>
      accountId === award.accountId && (state === 'concluded' || state === 'declined' || state === 'lapsed'),
  );
  const before = done.reduce((sum, one) => sum + one.quantity, 0);
  const more = requiredSecurity(terms, lots(before + award.quantity)) - requiredSecurity(terms, lots(before));
  return formatMoney(more);
}

export async function partOf(
  connection: Connection,
  row: AuctionRow,
  organisationId: string | null,
): Promise<AuctionAwards['myPart']> {
  if (organisationId === null || organisationId === '') return 'none';
  if (organisationId === row.ownerId) return 'owner';
  const { awards = [], waiting = [] } = row.awarding ?? {};
  if (awards.some((line) => line.accountId === organisationId)) return 'winner';
  const [won] = await connection`select 1 from auction_award
    where auction_id = ${row.id} and account_id = ${organisationId} limit 1`;
  if (won) return 'winner';
  if (waiting.some((line) => line.accountId === organisationId)) return 'waiting';
  const [took] = await connection`select 1 from auction_security
    where auction_id = ${row.id} and account_id = ${organisationId} and state = 'allocated' limit 1`;
  return took ? 'bidder' : 'none';
}

/** In the order of the tape; who is not on it, behind. */
async function biddersOf(
  connection: Connection,
  { id, awarding }: AuctionRow,
  awards: readonly Line[],
): Promise<string[]> {
  const bids = await connection<{ account: string }[]>`
    select account_id as account from auction_bid where auction_id = ${id} order by seq`;
  const others = [...awards, ...(awarding?.waiting ?? [])].map((line) => line.accountId);
  return [...new Set([...bids.map((bid) => bid.account), ...others])];
}

function text(ms: number): string {
  return new Date(instant(ms)).toISOString();
}
