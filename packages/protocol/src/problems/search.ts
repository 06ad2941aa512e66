import type { ProblemEntry } from './entry.ts';

export const searchProblems = {
  'search.invalid': { status: 422, title: 'Some conditions of the search cannot be met by any lot' },
  'search.parameter_unknown': { status: 422, title: 'There is no such quality parameter' },
  'search.basis_not_allowed': { status: 422, title: 'This parameter is not reported on that basis' },
  'search.unit_not_allowed': { status: 422, title: 'This parameter is not given in that unit' },
  'search.range_malformed': {
    status: 422,
    title: 'A range is two numbers with ~ between, one may be left out',
  },
  'search.range_impossible': { status: 422, title: 'No coal lies in this range' },
  'search.value_unknown': { status: 422, title: 'There is no such value to choose' },
  'search.radius_without_place': { status: 422, title: 'A radius needs a place around which it is drawn' },
  'search.coordinates_out_of_range': {
    status: 422,
    title: 'Latitude is −90 to 90, longitude −180 to 180',
  },
  'search.destination_required': {
    status: 422,
    title: 'Landed cost needs a place to which it is counted',
  },
  'search.currency_required': { status: 422, title: 'Prices need one currency to be compared in' },
  'search.day_invalid': { status: 422, title: 'There is no such day, or the window ends before it begins' },
  'search.behind': { status: 503, title: 'The search cannot see the newest lots at this moment' },
  'search.compare_count': { status: 422, title: 'Two to eight different lots can be compared' },
  'search.too_many_saved': { status: 409, title: 'You keep as many searches as one may' },
} as const satisfies Record<string, ProblemEntry>;
