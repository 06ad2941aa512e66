/** What a tracker tells: signed, each message under a rising number; a repeat gets the first answer. */
import { type DeviceMessage, type JourneyMode, type PositionAnswer, PositionReport } from '@seam/protocol';
import { Compile } from 'typebox/compile';
import type { Tx } from '../../platform/db.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { earlierAnswer, freshSender, keepMessage, seen } from '../devices.ts';
import { CLOCK_AHEAD_MS, READING_AGE_MS } from '../limits.ts';
import { type Position, isJump } from './rules.ts';

const readReport = Compile(PositionReport);

export async function takePositions(
  tx: Tx,
  message: DeviceMessage,
  now: Date,
): Promise<PositionAnswer | Refusal> {
  const sender = await freshSender(tx, 'tracker', 'position', message, now);
  if ('refused' in sender) return sender;
  // One message of a tracker at a time: what is later is seen by its number.
  await tx`select 1 from device where id = ${sender.id} for update`;
  const earlier = await earlierAnswer<PositionAnswer>(tx, 'position', message);
  if (earlier === 'conflict') return refuse('device.sequence_conflict');
  if (earlier !== 'new') return earlier.answer;
  const [before] = await tx<{ last: string }[]>`select coalesce(max(sequence), 0)::text as last
    from device_message where device_id = ${sender.id} and purpose = 'position'`;
  if (message.sequence <= Number(before!.last))
    return refuse('device.sequence_conflict', { accepted: { sequence: `> ${before!.last}` } });
  const report = parse(message.payload);
  if (!report) return refuse('device.payload_invalid');
  const [journey] = await tx<{ id: string; mode: JourneyMode }[]>`select id, mode from journey
    where device_id = ${sender.id} and ended_at is null`;
  if (!journey) return refuse('journey.none');
  const answer = await take(tx, journey, report, now);
  await keepMessage(tx, 'position', message, answer, now);
  await seen(tx, sender.id, now);
  return answer;
}

async function take(
  tx: Tx,
  journey: { readonly id: string; readonly mode: JourneyMode },
  report: PositionReport,
  now: Date,
): Promise<PositionAnswer> {
  const [newest] = await tx<{ at: Date | null }[]>`select max(at) as at from journey_position
    where journey_id = ${journey.id}`;
  let after = Math.max(newest?.at?.getTime() ?? 0, now.getTime() - READING_AGE_MS);
  let last = await lastBelieved(tx, journey.id);
  const answer = { journeyId: journey.id, taken: 0, left: 0, flagged: 0 };
  for (const point of report.points) {
    const position: Position = { ...point, at: Date.parse(point.at) };
    // Said so that a time that is in no calendar (NaN) is left, too.
    if (!(position.at > after && position.at <= now.getTime() + CLOCK_AHEAD_MS)) {
      answer.left += 1;
      continue;
    }
    const jump = isJump(journey.mode, last, position);
    await tx`insert into journey_position (journey_id, at, latitude, longitude, jump, received_at)
      values (${journey.id}, ${new Date(position.at)}, ${position.latitude}, ${position.longitude}, ${jump}, ${now})`;
    after = position.at;
    answer.taken += 1;
    if (jump) answer.flagged += 1;
    else last = position;
  }
  return answer;
}

async function lastBelieved(tx: Tx, journeyId: string): Promise<Position | undefined> {
  const [row] = await tx<{ at: Date; latitude: number; longitude: number }[]>`
    select at, latitude, longitude from journey_position where journey_id = ${journeyId} and not jump
     order by at desc limit 1`;
  return row && { ...row, at: row.at.getTime() };
}

function parse(payload: string): PositionReport | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return readReport.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
