/**
 * What a gate tells when it has network again, and what it must know to go on without. Nothing that a registered
 * gate signed is lost: what no rule takes is kept and becomes a case for people.
 */
import {
  type DeviceMessage,
  GateEvent,
  GateSync,
  type GateSyncAnswer,
  type PassEvent,
  readPassToken,
} from '@seam/protocol';
import { eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import { Compile } from 'typebox/compile';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { type DeliveryCaseKind, type DeliveryNote, openCase } from './cases.ts';
import { lockOrder } from './commands.ts';
import { earlierAnswer, freshSender, keepMessage, seen, senderOf } from './devices.ts';
import { isOutside } from './lifecycle.ts';
import { CLOCK_AHEAD_MS, CLOSED_PASSES_MAX } from './limits.ts';
import { movePassRow, recordEvent } from './moves.ts';
import { type PassKey, readPass } from './pass-token.ts';
import { type DeviceRow, type PassRow, pickupPass } from './tables.ts';
import { caseOfConflict } from './weighbridge.ts';

const readSync = Compile(GateSync);
const readEvent = Compile(GateEvent);

type Outcome = GateSyncAnswer['outcomes'][number];

/** Each event is a transaction of its own: one that fails takes none of the others with it. */
export async function syncGate(
  sql: Sql,
  key: PassKey,
  message: DeviceMessage,
  now: Date,
): Promise<GateSyncAnswer | Refusal> {
  // What a revoked gate did is still taken in; only nothing is told to it.
  const signed = await senderOf(sql, 'gate', 'gate_sync', message);
  if ('refused' in signed) return signed;
  const sync = parse(readSync, message.payload);
  if (!sync) return refuse('device.payload_invalid');
  const outcomes: Outcome[] = [];
  for (const event of sync.events)
    outcomes.push(await sql.begin(async (tx) => takeGateEvent(tx, key, signed, event, now)));
  const sender = await freshSender(sql, 'gate', 'gate_sync', message, now);
  if ('refused' in sender) return sender;
  await sql.begin(async (tx) => seen(tx, sender.id, now));
  const { organisationId: sellerId, name, place } = sender;
  const closed = await closedPasses(sql, sellerId, now);
  const keys = [{ keyId: key.keyId, publicKey: key.publicText }];
  return { now: now.toISOString(), sellerId, name, place, keys, closed, outcomes };
}

function parse<T>(schema: { Check(value: unknown): value is T }, payload: string): T | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return schema.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function takeGateEvent(
  tx: Tx,
  key: PassKey,
  sender: DeviceRow,
  message: DeviceMessage,
  now: Date,
): Promise<Outcome> {
  const { sequence } = message;
  const invalid = (detail: string): Outcome => ({ sequence, outcome: 'invalid', detail });
  if (message.device !== sender.id) return invalid('device');
  const signer = await senderOf(tx, 'gate', 'gate_event', message);
  if ('refused' in signer) return invalid('signature');
  const earlier = await earlierAnswer<Outcome>(tx, 'gate_event', message);
  if (earlier === 'conflict') {
    await caseOfConflict(tx, message, now);
    return { sequence, outcome: 'case', detail: 'sequence_conflict' };
  }
  if (earlier !== 'new') return { ...earlier.answer, outcome: knownAs(earlier.answer.outcome) };
  const event = parse(readEvent, message.payload);
  const at = event && Date.parse(event.at);
  if (!event || at === undefined || Number.isNaN(at)) return invalid('payload');
  const trouble = await applyGateEvent(tx, key, { sender, event, sequence, at: new Date(at), now });
  const outcome: Outcome = { sequence, outcome: trouble ? 'case' : 'recorded', detail: trouble ?? null };
  await keepMessage(tx, 'gate_event', message, outcome, now);
  return outcome;
}

/** A case stays one however often it is told; what was recorded is known. */
const knownAs = (first: Outcome['outcome']): Outcome['outcome'] => (first === 'recorded' ? 'known' : first);

type Told = {
  readonly sender: DeviceRow;
  readonly event: GateEvent;
  readonly sequence: number;
  readonly at: Date;
  readonly now: Date;
};

type OpenAtGate = (kind: DeliveryCaseKind, note: DeliveryNote) => Promise<DeliveryCaseKind>;

/** @returns the kind of the case that people must look at; undefined where the rules have decided. */
async function applyGateEvent(tx: Tx, key: PassKey, told: Told): Promise<DeliveryCaseKind | undefined> {
  const { sender, event, sequence, now } = told;
  const facts = readPass(key, event.token);
  const pass = facts && (await lockedPass(tx, facts.passId));
  const open: OpenAtGate = async (kind, note) => {
    await openCase(tx, {
      kind,
      subject: `${sender.id} ${sequence}`,
      said: { ...note, gate: sender.name, decision: event.decision, at: told.at.toISOString() },
      deviceId: sender.id,
      ...(pass && { passId: pass.pass.id, deliveryOrderId: pass.pass.deliveryOrderId }),
      now,
    });
    return kind;
  };
  if (!pass) {
    // A gate that refuses a forgery has done its work.
    if (event.decision !== 'admitted') return undefined;
    const plate = readPassToken(event.token)?.facts.plate ?? '';
    return open('forged_pass_admitted', { code: 'forged_pass', plate });
  }
  return moveAtGate(tx, told, pass, open);
}

async function lockedPass(tx: Tx, id: string): Promise<{ pass: PassRow; sellerId: string } | undefined> {
  const byId = eq(pickupPass.id, id);
  const found = first(await orm(tx).select().from(pickupPass).where(byId));
  const order = found && (await lockOrder(tx, found.deliveryOrderId));
  if (!order) return undefined;
  return { pass: first(await orm(tx).select().from(pickupPass).where(byId))!, sellerId: order.sellerId };
}

async function moveAtGate(
  tx: Tx,
  { sender, event, sequence, at, now }: Told,
  { pass, sellerId }: { pass: PassRow; sellerId: string },
  open: OpenAtGate,
): Promise<DeliveryCaseKind | undefined> {
  const by = { side: 'device', device: { id: sender.id, sequence } } as const;
  const step = { by, at, now, ...(event.reason !== null && { detail: event.reason }) };
  const onlyNote = async (move: PassEvent['move']): Promise<void> =>
    recordEvent(tx, pass, move, pass.state, step);
  const admitted = event.decision === 'admitted';
  const noted = admitted ? 'admitted_again' : 'stopped';
  const foreign = sellerId !== sender.organisationId;
  const doubt = doubtOf(sender, at, now, foreign);
  if (doubt) {
    // A stranger's word moves nothing; refusing is no harm.
    if (!admitted) return undefined;
    await onlyNote(noted);
    return open(doubt, { code: 'let_in', plate: pass.plate });
  }
  if (!admitted) {
    const moved = await movePassRow(tx, pass, event.decision === 'arrived' ? 'arrive' : 'refuse', step);
    if (!moved) await onlyNote('stopped');
    return undefined;
  }
  const inTime = at >= pass.notBefore && at <= pass.notAfter;
  // Told after the pass had lapsed, of a truck that had come in time.
  if (isOutside(pass.state) || (pass.state === 'no_show' && inTime)) {
    await movePassRow(tx, pass, 'admit', step);
    if (inTime) return undefined;
    return open('admitted_outside_validity', { code: 'let_in_outside_time', plate: pass.plate });
  }
  const why = await admittedBefore(tx, pass, at);
  await onlyNote(why ? 'admitted_again' : 'admit');
  return why && open(why, { code: 'let_in_in_state', plate: pass.plate, state: pass.state });
}

/** Undefined where the weighbridge has told of the truck before its gate could. */
async function admittedBefore(tx: Tx, pass: PassRow, at: Date): Promise<DeliveryCaseKind | undefined> {
  const [seenInside] = await tx<{ admitted: boolean; weighedAt: Date | null }[]>`
    select coalesce(bool_or(move in ('admit', 'admitted_again')), false) as admitted,
           min(at) filter (where move in ('tare', 'weigh_out')) as "weighedAt"
      from pass_event where pass_id = ${pass.id}`;
  if (seenInside!.admitted) return 'double_admission';
  const { weighedAt } = seenInside!;
  if (weighedAt === null) return 'admitted_closed_pass';
  return at.getTime() > weighedAt.getTime() + CLOCK_AHEAD_MS ? 'double_admission' : undefined;
}

function doubtOf(sender: DeviceRow, at: Date, now: Date, foreign: boolean): DeliveryCaseKind | undefined {
  if (foreign) return 'admitted_elsewhere';
  if (sender.revokedAt !== null) return 'revoked_device';
  if (at.getTime() > now.getTime() + CLOCK_AHEAD_MS) return 'device_clock';
  return undefined;
}

/** Passes of this seller that no gate may let in, although a guard who sees only their time would. */
async function closedPasses(
  connection: Connection,
  sellerId: string,
  now: Date,
): Promise<GateSyncAnswer['closed']> {
  return connection<{ passId: string; why: 'revoked' | 'used' }[]>`
    select p.id as "passId",
           case when p.state in ('refused', 'cancelled', 'no_show', 'created', 'sent', 'arrived') then 'revoked'
                else 'used' end as why
      from pickup_pass p join delivery_order o on o.id = p.delivery_order_id
     where o.seller_id = ${sellerId} and p.not_after > ${now}
       -- A suspended order's passes are good again when it goes on: the list is told whole each time.
       and (p.state not in ('created', 'sent', 'arrived') or o.state <> 'active')
     order by p.not_after desc limit ${CLOSED_PASSES_MAX}`;
}

/** For everybody: ids alone, which tell nothing to whoever does not hold the pass. */
export async function revokedPasses(connection: Connection, now: Date): Promise<string[]> {
  const rows = await connection<{ id: string }[]>`select id from pickup_pass
    where not_after > ${now} and state in ('refused', 'cancelled', 'no_show')
    order by not_after desc limit ${CLOSED_PASSES_MAX}`;
  return rows.map(({ id }) => id);
}
