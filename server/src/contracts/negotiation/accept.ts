/**
 * Accepting a proposal: exactly the one that was read, by its hash.
 *
 * The document is rendered first, in the press; then one transaction locks the contract, finds everything as
 * it was, and writes all of it: the proposal's answer, the document, the contract's new state. Of two
 * acceptances at once, or an acceptance and a signature, one finds that it is too late.
 */
import type { Sql } from 'postgres';
import { eq } from 'drizzle-orm';
import type { Clock } from '../../platform/clock.ts';
import { type Connection, type Tx, first, orm } from '../../platform/db.ts';
import { inTransaction } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import type { renderTerms } from '../document.ts';
import { type ContractRow, contract } from '../tables.ts';
import { applyChanges, isComputed, termsSha256, wish } from '../terms.ts';
import { prepareAmendment } from './amend.ts';
import { type Ground, type SettlementStage, groundOf } from './ground.ts';
import { changesOf, close, openProposal, proposalSeen, refusedTerms } from './propose.ts';
import { latestRevision } from '../signing/revisions.ts';
import { lockRow } from './rows.ts';
import type { ProposalRow } from './tables.ts';
import { prepareVersion } from './version.ts';

export type NegotiationDeps = {
  readonly sql: Sql;
  readonly clock: Clock;
  /** Lays out and renders, wherever that is done. */
  readonly render: typeof renderTerms;
  readonly publicUrl: string;
  readonly stageOf: SettlementStage;
};

export type Basis = {
  readonly row: ContractRow;
  readonly ground: Ground;
  readonly proposal: ProposalRow;
  readonly at: Date;
};
/** Writes the agreed document. Its caller holds the contract's lock and has found the basis unchanged. */
export type WriteDocument = (tx: Tx, row: ContractRow) => Promise<void>;

export async function acceptProposal(
  deps: NegotiationDeps,
  principal: Principal,
  input: { proposalId: string; sha256: string },
): Promise<{ contractId: string } | Refusal> {
  const { sql, clock } = deps;
  const at = clock.now();
  const seen = await proposalSeen(sql, principal, input.proposalId);
  if (!seen) return refuse('resource.not_found');
  const { proposal, side } = seen;
  if (proposal.side === side) return refuse('contract.proposal_own');
  if (Buffer.from(proposal.sha256).toString('hex') !== input.sha256)
    return refuse('contract.proposal_changed');
  const row = first(await orm(sql).select().from(contract).where(eq(contract.id, proposal.contractId)))!;
  const ground = await stillStands(deps, sql, row, proposal);
  if (isRefusal(ground)) return (await closedMeanwhile(deps, principal, proposal)) ?? ground;
  const basis = { row, ground, proposal, at };
  const base = await latestRevision(sql, row.id);
  if (!base) return refuse('contract.not_ready');
  const write =
    ground.leadsTo === 'new_version'
      ? await prepareVersion(deps, basis, base)
      : await prepareAmendment(deps, basis, base);
  return inTransaction(sql, async (tx) => {
    const found = await openProposal(tx, principal, proposal.id, clock.now());
    if (isRefusal(found)) return found;
    const now = await lockRow(tx, row.id);
    const standing = await stillStands(deps, tx, now, found.proposal, true);
    if (isRefusal(standing)) return standing;
    // Rendered on this revision: a signature since then makes it another document's turn.
    if ((await latestRevision(tx, row.id))?.n !== base.n) return refuse('contract.stale_version');
    await close(tx, found.proposal, { state: 'accepted', now: clock.now(), by: principal.personId });
    await write(tx, now);
    return { contractId: row.id };
  });
}

/** What closed the proposal says more than what became of the contract. */
async function closedMeanwhile(
  { sql, clock }: NegotiationDeps,
  principal: Principal,
  { id }: ProposalRow,
): Promise<Refusal | undefined> {
  const found = await inTransaction(sql, async (tx) => openProposal(tx, principal, id, clock.now()));
  return isRefusal(found) ? found : undefined;
}

/** The ground, when the proposal still starts from the terms in force and may still lead where it wants. */
async function stillStands(
  { stageOf }: NegotiationDeps,
  connection: Connection,
  row: ContractRow,
  proposal: ProposalRow,
  lock = false,
): Promise<Ground | Refusal> {
  const ground = await groundOf(connection, row, stageOf, lock);
  if (isRefusal(ground)) return ground;
  const base = Buffer.from(proposal.baseTermsSha256).toString('hex');
  const changes = changesOf(proposal);
  if (row.version !== proposal.baseVersion || termsSha256(ground.terms) !== base)
    return refuse('contract.stale_version');
  if (!applyChanges(ground.terms, changes)) return refuse('contract.stale_version');
  const wanted = changes.filter(({ path }) => !(path === 'pricePerTonne' && isComputed(ground.terms)));
  const wished = wish(ground.terms, wanted, { side: proposal.side, stage: ground.stage });
  return wished.ok ? ground : refusedTerms(wished);
}
