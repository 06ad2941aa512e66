/** What a pool may ask for: pure. Every fault is found at once and named by field. */
import type { PoolInput } from '@seam/protocol';
import {
  type Accepted,
  type FieldErrors,
  checkCoordinates,
  checkWindow,
  endOfDay,
  readDeadline,
  readPrice,
  readQuantity,
  refusalOf,
} from '../../listings/public.ts';
import type { Refusal } from '../../platform/refusal.ts';
import { readLimits } from '../rules.ts';
import type { PoolRow } from '../tables.ts';

export type CheckedPool = Pick<
  PoolRow,
  'limits' | 'minimumKg' | 'priceCeiling' | 'ceilingAt' | 'deadline'
> & {
  /** The opener's own. */
  readonly quantityKg: bigint;
};

export function checkPool(input: PoolInput, now: Date): CheckedPool | Refusal {
  const fields: FieldErrors = {};
  const accepted: Accepted = {};
  const limits = readLimits(input.limits, fields, accepted);
  const minimumKg = readQuantity(input.minimumQuantity, 'minimumQuantity', fields, accepted);
  const quantityKg = readQuantity(input.quantity, 'quantity', fields, accepted);
  const priceCeiling =
    input.priceCeiling === undefined ? null : readPrice(input.priceCeiling, 'priceCeiling', fields);
  checkWindow(input, now, fields);
  const deadline = readDeadline(Date.parse(input.deadline), now, 'deadline', fields);
  if (!fields['deadline'] && !fields['windowTo'] && deadline.getTime() > endOfDay(input.windowTo))
    fields['deadline'] = 'request_pool.deadline_after_window';
  // A coal that goes to each member's own place needs one of each all the same: the opener's is the first.
  if ((input.placeId === undefined) === (input.newPlace === undefined))
    fields['placeId'] = 'purchase_request.plant_required';
  if (input.newPlace) checkCoordinates(input.newPlace, 'newPlace', fields);
  const ceilingAt = input.ceilingAt ?? 'listed';
  return (
    refusalOf(fields, accepted, 'purchase_request.invalid') ?? {
      limits,
      minimumKg,
      quantityKg,
      priceCeiling,
      ceilingAt,
      deadline,
    }
  );
}
