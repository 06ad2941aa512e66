/** Staff lists instruments and schedules their sessions; random ends are drawn when their windows begin. */
import type { ListInstrumentBody, SessionPhase } from '@seam/protocol';
import type { Sql } from 'postgres';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { type Accepted, EXCHANGE_ACTOR, type Market, submit } from './market.ts';
import { type StaffDeps, act } from './staff.ts';
import { type Seed, scheduleOf, termsOf } from './terms.ts';

export async function listInstrument(
  deps: StaffDeps,
  principal: Principal,
  body: ListInstrumentBody,
): Promise<Accepted | Refusal> {
  const made = termsOf(body);
  if (isRefusal(made)) return made;
  if (deps.market.market(body.id)) return refuse('market.duplicate');
  await keepSeeds(deps.sql, body.id, made.seeds);
  const command = { type: 'list_instrument' as const, terms: made.terms };
  const answer = fieldsOf(await act(deps, principal, { instrumentId: body.id, body: command }));
  return isRefusal(answer) ? answer : ((await stopToo(deps, principal, body.id)) ?? answer);
}

/** What stops the whole exchange stops a new market as well. */
async function stopToo(
  deps: StaffDeps,
  principal: Principal,
  instrumentId: string,
): Promise<Refusal | undefined> {
  const [stopped] = await deps.sql<{ reason: string }[]>`
    select reason from market_block where scope_key = 'exchange' order by set_at limit 1`;
  if (!stopped) return undefined;
  const scope = { of: 'exchange' as const };
  const { personId: staffId } = principal;
  const body = { type: 'set_kill_switch' as const, instrumentId, scope, staffId, reason: stopped.reason };
  const answer = await act(deps, principal, { instrumentId, body, detail: { scope: 'exchange' } });
  return isRefusal(answer) ? answer : undefined;
}

export async function scheduleSession(
  deps: StaffDeps,
  principal: Principal,
  { instrumentId, phases }: { readonly instrumentId: string; readonly phases: readonly SessionPhase[] },
): Promise<Accepted | Refusal> {
  if (!deps.market.market(instrumentId)) return refuse('market.unknown');
  const made = scheduleOf(phases);
  if (isRefusal(made)) return made;
  await keepSeeds(deps.sql, instrumentId, made.seeds);
  const body = { type: 'schedule_session' as const, instrumentId, session: made.session };
  return fieldsOf(await act(deps, principal, { instrumentId, body }));
}

/** Shown beside the input at fault. */
function fieldsOf(answer: Accepted | Refusal): Accepted | Refusal {
  if (!isRefusal(answer) || answer.refused !== 'market.terms_invalid') return answer;
  const field = answer.accepted?.['field'];
  return field === undefined ? answer : { ...answer, fields: { [field]: 'out_of_range' } };
}

/** Before the market commits to them: a seed that is lost would leave its call without a random end. */
async function keepSeeds(sql: Sql, instrumentId: string, seeds: readonly Seed[]): Promise<void> {
  if (seeds.length === 0) return;
  await sql.begin(async (tx) => {
    for (const { seed, commitment, opensAt } of seeds) {
      await tx`insert into random_end_seed (commitment, instrument_id, seed, opens_at)
        values (${commitment}, ${instrumentId}, ${seed}, ${opensAt})`;
      await enqueue(tx, {
        effectKey: `random-end:${commitment}`,
        topic: 'trading.draw_random_end',
        payload: { commitment },
        notBefore: opensAt,
      });
    }
  });
}

/**
 * Reveals the seed of a call that ends at random. A call that is over, or was never scheduled, needs none.
 * @returns a refusal that passes by itself: the market's clock is a little behind, or nobody leads.
 */
export async function drawRandomEnd(
  { sql, market }: { readonly sql: Sql; readonly market: Market },
  commitment: string,
): Promise<Accepted | Refusal> {
  const [row] = await sql<{ instrumentId: string; seed: string; opensAt: Date }[]>`
    select instrument_id as "instrumentId", seed, opens_at as "opensAt" from random_end_seed where commitment = ${commitment}`;
  if (!row) return refuse('resource.not_found');
  const { instrumentId, seed, opensAt } = row;
  // A command that is refused is journaled too, and would give the seed away.
  if (market.now() < opensAt) return refuse('market.seed_too_early');
  // A refusal is journaled under its id for ever; each try is a command of its own.
  const cmdId = `draw.${commitment.slice(0, 32)}.${market.now().getTime()}`;
  const body = { type: 'draw_random_end' as const, instrumentId, seed };
  return submit(market, { actor: EXCHANGE_ACTOR, cmdId, body }, market.market(instrumentId)?.terms);
}
