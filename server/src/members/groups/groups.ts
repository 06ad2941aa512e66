/** Joining companies to one owner group and taking them out, once two people have agreed. */
import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import { enqueueMarket } from '../market-work.ts';
import { ownerGroupOf, relatedTo } from './owner-group.ts';

/** Two groups that meet become one: who is related to a member of it is related to all. */
export async function join(
  tx: Tx,
  of: { readonly one: string; readonly other: string; readonly proposalId: string; readonly now: Date },
): Promise<void> {
  await lockGroups(tx);
  const both = [of.one, of.other] as const;
  const groups = await Promise.all(both.map(async (id) => ownerGroupOf(tx, id)));
  const kept = groups.find((group, i) => group !== both[i]) ?? newId();
  const members = new Set<string>(both);
  for (const id of both) for (const related of await relatedTo(tx, id)) members.add(related);
  for (const id of members) {
    await tx`insert into party_group_member (organisation_id, group_id, proposal_id, since)
      values (${id}, ${kept}, ${of.proposalId}, ${of.now})
      on conflict (organisation_id) do update set group_id = excluded.group_id
       where party_group_member.group_id <> excluded.group_id`;
    await enqueueMarket(tx, { organisationId: id, action: 'regroup', occasion: of.proposalId });
  }
}

/** A group of one is none. */
export async function leave(
  tx: Tx,
  of: { readonly organisationId: string; readonly proposalId: string },
): Promise<void> {
  await lockGroups(tx);
  const others = await relatedTo(tx, of.organisationId);
  const gone = others.length === 1 ? [of.organisationId, ...others] : [of.organisationId];
  await tx`delete from party_group_member where organisation_id in ${tx(gone)}`;
  for (const id of gone)
    await enqueueMarket(tx, { organisationId: id, action: 'regroup', occasion: of.proposalId });
}

/** One change of groups at a time: two that meet would otherwise split one group. */
async function lockGroups(tx: Tx): Promise<void> {
  await tx`lock table party_group_member in share row exclusive mode`;
}
