import type { FormResult } from '#lib/form/form.svelte.ts';
import type { AuctionRoom } from '#lib/live/room.svelte.ts';

/** What a plain form of the room answered. */
export type ActResult = (NonNullable<FormResult> & { acted?: { t: string; seq: number } }) | null;

/** Nothing may be sent now: the market would refuse it, or what one sees is old. */
export function isOff(room: AuctionRoom): boolean {
  return room.scripted && (room.knowledge === 'stale' || room.shown.state !== 'open');
}
