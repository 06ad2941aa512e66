/** Why a record cannot be replayed: one line with a code that stays. Ends the command with code 1. */
export type ReplayCode =
  | 'replay.file_missing'
  | 'replay.file_unreadable'
  | 'replay.file_truncated'
  | 'replay.header_unknown'
  | 'replay.record_invalid'
  | 'replay.command_unknown'
  | 'replay.order_duplicate'
  | 'replay.range_too_wide'
  | 'replay.xz_missing';

export class ReplayError extends Error {
  readonly code: ReplayCode;

  constructor(code: ReplayCode, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'ReplayError';
    this.code = code;
  }
}
