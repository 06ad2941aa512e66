/** What an owner asks for after the close, as the engine takes it and as people read it. */
import type { AfterCloseTerms, AuctionTerms, CatalogueTerms } from '@seam/engine';
import type { AuctionView, ScheduleAuctionBody } from '@seam/protocol';
import { lots } from '@seam/units';
import { massText } from '../exchange/grid.ts';

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

type Told = AuctionView['afterClose'];

export function afterCloseText(terms: AuctionTerms): Told {
  const { standstill, waiting, catalogue } = terms;
  return {
    standstillSeconds: standstill === undefined ? null : seconds(standstill.periodMs),
    waiting:
      waiting === undefined
        ? null
        : {
            biddersMaximum: waiting.biddersMaximum,
            confirmSeconds: seconds(waiting.confirmMs),
            signSeconds: seconds(waiting.signMs),
            ...(waiting.withdrawAfterMs !== null && {
              withdrawAfterSeconds: seconds(waiting.withdrawAfterMs),
            }),
          },
    catalogue: catalogue === undefined ? null : catalogueText(terms, catalogue),
  };
}

function catalogueText(terms: AuctionTerms, { catalogueId, position, pauseMs, cap }: CatalogueTerms) {
  return {
    firstAuctionId: catalogueId,
    position,
    pauseSeconds: seconds(pauseMs),
    cap: capText(terms, cap),
  };
}

/** Companies that count as one are not named to everybody. */
function capText(terms: AuctionTerms, cap: CatalogueTerms['cap']): NonNullable<Told['catalogue']>['cap'] {
  if (cap === undefined) return null;
  const { unit, maximum } = cap;
  return unit === 'lots' ? { unit, maximum } : { unit, maximum: massText(terms, lots(maximum)) };
}

const seconds = (ms: number): number => Math.floor(ms / 1000);
