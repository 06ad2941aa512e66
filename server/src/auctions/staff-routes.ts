/** The centre's hand on an auction, and the opening of sealed bids by those who hold a part of the key. */
import { hash } from 'node:crypto';
import type { CommandBody } from '@seam/engine';
import { type DecryptedBid, auctionRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { GridReader } from '../exchange/bid-input.ts';
import type { AuctionView as LiveAuction } from '../exchange/live-view.ts';
import { pseudonyms } from '../exchange/pseudonyms.ts';
import { type Answer, act, read } from '../platform/http.ts';
import type { Connection } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { formatMoney } from '@seam/units';
import { auctionById } from './commands.ts';
import { STAFF_ACTOR, actorOf, refusalOf } from './market.ts';
import type { AuctionDeps } from './routes.ts';

type StaffDeps = AuctionDeps & {
  readonly view: (connection: Connection, id: string, viewer: Principal) => Promise<Answer<typeof r.auction>>;
};
type Asked = { readonly principal: Principal; readonly connection: Connection; readonly id: string };

export function staffRoutes(app: FastifyInstance, deps: StaffDeps): void {
  const supervise = supervisor(deps);

  act(app, deps, r.suspendAuction, async ({ params: { id }, body: { reason }, ...by }) =>
    supervise({ ...by, id }, { type: 'suspend_auction', auctionId: id, reason }),
  );
  act(app, deps, r.resumeAuction, async ({ params: { id }, ...by }) =>
    supervise({ ...by, id }, { type: 'resume_auction', auctionId: id }),
  );
  act(app, deps, r.voidAuction, async ({ params: { id }, body: { reason }, ...by }) =>
    supervise({ ...by, id }, { type: 'void_auction', auctionId: id, reason }),
  );
  act(app, deps, r.excludeBidder, async ({ params: { id }, body, ...by }) => {
    const { organisationId: accountId, reason } = body;
    return supervise({ ...by, id }, { type: 'exclude_bidder', auctionId: id, accountId, reason });
  });
  act(app, deps, r.giveExchangeShare, async ({ params: { id }, body: { share }, ...by }) =>
    supervise({ ...by, id }, { type: 'give_opening_share', auctionId: id, holder: 'exchange', share }),
  );
  act(app, deps, r.giveOpeningShare, async ({ params: { id }, body: { share }, ...by }) => {
    const row = await auctionById(by.connection, id);
    if (row?.ownerId !== by.principal.organisationId) return refuse('resource.not_found');
    const asked = { ...by, id, actor: actorOf(row.ownerId) };
    return supervise(asked, { type: 'give_opening_share', auctionId: id, holder: 'owner', share });
  });
  act(app, deps, r.openSealedBids, async ({ params: { id }, body, ...by }) => {
    const row = await auctionById(by.connection, id);
    if (!row) return refuse('resource.not_found');
    const grid = new GridReader(row.terms);
    const bids = body.bids.map((bid) => decrypted(grid, bid));
    return grid.refusal ?? supervise({ ...by, id }, { type: 'open_sealed', auctionId: id, bids });
  });
  act(app, deps, r.disqualifyBid, async ({ params: { id }, body, ...by }) => {
    const { organisationId: bidderId, reason } = body;
    return supervise({ ...by, id }, { type: 'disqualify_bid', auctionId: id, bidderId, reason });
  });
  read(app, deps, r.sealedBids, async ({ params }) => sealedBids(deps.live(params.id)));
  read(app, deps, r.auctionBidders, async ({ params, connection }) =>
    bidders(deps, connection, deps.live(params.id)),
  );
}

/** Told twice of one state of an auction, a command is done once. */
function supervisor(deps: StaffDeps) {
  return async (asked: Asked & { readonly actor?: string }, command: CommandBody) => {
    const { id, connection, principal, actor = STAFF_ACTOR } = asked;
    const row = await auctionById(connection, id);
    if (!row || row.lastSeq === null) return refuse('resource.not_found');
    // A refused one changes nothing: told otherwise it is another command.
    const said = hash('sha256', JSON.stringify([row.lastSeq, command])).slice(0, 32);
    const cmdId = `${command.type}.${said}`;
    const outcome = await deps.market.submit({ actor, cmdId, body: command });
    const refusal = refusalOf(outcome, row.terms);
    if (refusal || outcome.status !== 'accepted') return refusal ?? refuse('internal.error');
    await deps.sql`insert into audit_entry (person_id, action, subject, detail)
      values (${principal.personId}, ${command.type}, ${id}, ${deps.sql.json({ seq: outcome.seq })})`;
    await deps.caughtUp(outcome);
    return deps.view(connection, id, principal);
  };
}

function decrypted(grid: GridReader, { bidSeq, bidder, nonce, ...offered }: Static<typeof DecryptedBid>) {
  return { bidSeq, bidder, nonce, ...grid.offer(offered) };
}

/** Before submission has ended nobody is told of a bid, the centre's own people no more than others. */
function sealedBids(view: LiveAuction | undefined): Answer<typeof r.sealedBids> {
  if (!view) return refuse('resource.not_found');
  if (view.terms.format !== 'sealed_bid') {
    return refuse('bid.wrong_format', { accepted: { format: view.terms.format } });
  }
  const { phase, sealed, opened, shares } = (view as LiveAuction<'sealed_bid'>).room;
  if (phase === 'submission') return refuse('sealed_bid.phase_conflict', { accepted: { phase } });
  const { owner, exchange } = shares;
  return {
    items: sealed.map(({ seq, ciphertext, digest }) => ({
      bidSeq: seq,
      ciphertext,
      digest,
      opened: opened.some((bid) => bid.seq === seq),
    })),
    shares: owner !== null && exchange !== null ? { owner, exchange } : null,
  };
}

/** Who has set money aside is known to the centre; that somebody has bid under seal is not. */
async function bidders(
  deps: StaffDeps,
  connection: Connection,
  view: LiveAuction | undefined,
): Promise<Answer<typeof r.auctionBidders> | Refusal> {
  if (!view) return refuse('resource.not_found');
  const { terms, security, excluded } = view;
  const ids = [...new Set([...view.bidders, ...Object.keys(security)])];
  const organisations = await deps.namesOf(connection, ids);
  const names = pseudonyms(deps.pseudonymSecret, terms.auctionId, view.bidders);
  return {
    items: ids.map((id) => {
      const { name, nameZh } = organisations.get(id) ?? { name: '', nameZh: null };
      return {
        organisation: { id, name, nameZh },
        bidder: names.get(id) ?? null,
        securityAllocated: formatMoney(BigInt(security[id] ?? '0')),
        excluded: excluded.includes(id) || (terms.excludedIds ?? []).includes(id),
      };
    }),
  };
}
