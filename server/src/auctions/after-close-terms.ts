/** What an owner asks for after the close, as the engine takes it. */
import type { AfterCloseTerms } from '@seam/engine';
import type { ScheduleAuctionBody } from '@seam/protocol';

export function afterCloseOf({ standstillSeconds, waiting }: ScheduleAuctionBody): AfterCloseTerms {
  return {
    ...(standstillSeconds !== undefined && { standstill: { periodMs: standstillSeconds * 1000 } }),
    ...(waiting && {
      waiting: {
        biddersMaximum: waiting.biddersMaximum,
        confirmMs: waiting.confirmSeconds * 1000,
        signMs: waiting.signSeconds * 1000,
        withdrawAfterMs:
          waiting.withdrawAfterSeconds === undefined ? null : waiting.withdrawAfterSeconds * 1000,
      },
    }),
  };
}
