/** What was typed about the time after the close: empty fields ask for nothing. */
import type { ScheduleAuctionBody } from '@seam/protocol';
import type { Reader } from './reader.ts';

type AfterClose = Pick<ScheduleAuctionBody, 'standstillSeconds' | 'waiting'>;

const HOUR = 3_600;
const DAY = 24 * HOUR;

export function afterClose(form: Reader): AfterClose {
  return {
    ...(form.has('standstillHours') && { standstillSeconds: form.whole('standstillHours') * HOUR }),
    ...(form.has('confirmHours') && {
      waiting: {
        biddersMaximum: form.whole('waitingBidders', 0),
        confirmSeconds: form.whole('confirmHours') * HOUR,
        signSeconds: form.whole('signDays') * DAY,
        ...(form.has('leaveDays') && { withdrawAfterSeconds: form.whole('leaveDays') * DAY }),
      },
    }),
  };
}
