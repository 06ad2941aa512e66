import type { ProblemEntry } from './entry.ts';

export const longTermProblems = {
  'long_term.not_binding': { status: 409, title: 'The contract does not bind yet' },
  'long_term.not_called_off': { status: 409, title: 'This contract is delivered at once, without call-offs' },
  'long_term.closed': { status: 409, title: 'The contract has been carried out to its end' },
  'call_off.outside_window': { status: 422, title: 'The days lie outside what the contract allows' },
  'call_off.too_late': { status: 422, title: 'The notice is shorter than the contract demands' },
  'call_off.exceeds_remaining': { status: 422, title: 'More than is left of this month' },
  'call_off.duplicate': { status: 409, title: 'The same call-off waits for an answer already' },
  'call_off.answered': { status: 409, title: 'This call-off has been answered or withdrawn' },
  'call_off.not_open': { status: 409, title: 'This call-off has no delivery under way' },
  'month_move.closed': { status: 409, title: 'This proposal has been answered or is past its time' },
  'month_move.impossible': { status: 422, title: 'The month has no such quantity to move, or has ended' },
  'force_majeure.closed': { status: 409, title: 'This declaration has been decided on' },
  'force_majeure.period': { status: 422, title: 'The month is not one that can still be excused' },
  'shortfall.closed': {
    status: 409,
    title: 'The time to object to this shortfall is over, or it has been decided',
  },
  'index.exists': { status: 409, title: 'A series with this name exists' },
  'index.duplicate_month': { status: 422, title: 'A month stands twice' },
  'index.gap': { status: 422, title: 'A month is missing in between' },
  'index.not_newest': { status: 409, title: 'This month has a newer version' },
  'index.not_published': { status: 422, title: 'A value is published on a day that has come' },
  'index.csv_invalid': { status: 422, title: 'The file cannot be read as a table of months' },
} as const satisfies Record<string, ProblemEntry>;
