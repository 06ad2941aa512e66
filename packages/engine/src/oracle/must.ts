/** A promise that a history keeps, or an error that names the place where it does not. */
import type { AuctionCommand as Command } from '../types.ts';

export function must(holds: boolean, command: Command, promise: string): void {
  if (!holds) throw new Error(`seq ${command.seq}: broken promise: ${promise}`);
}
