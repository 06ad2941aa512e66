/** What was found of a mine's coal against what its listings said: from settled deliveries, not from opinions. */
import { Type, type Static } from 'typebox';
import { Exact, Id, Nullable } from './common.ts';
import { type Route, route } from './route.ts';

const Joules = Type.Integer({ description: 'J/g' });

/** Analysed less listed, net as received. The mean lies between the two others in 95 of 100 such samples. */
export const ExperienceSample = Exact({
  deliveries: Type.Integer(),
  mean: Joules,
  low: Joules,
  high: Joules,
});
export type ExperienceSample = Static<typeof ExperienceSample>;

export const ListingExperience = Exact({
  listingId: Id,
  /** Listed net heat as received; null where the listing does not say enough. */
  listed: Nullable(Joules),
  /** Deliveries of this mine and seller to or from the reader's company; null while they are too few. */
  own: Nullable(ExperienceSample),
  /** Of everybody's; null while they are too few, or so few that they would show one buyer's. */
  all: Nullable(ExperienceSample),
  /** Listed and the mean found, the own one before that of all. */
  expected: Nullable(Joules),
});
export type ListingExperience = Static<typeof ListingExperience>;

export const experienceRoutes = {
  experience: route({
    method: 'GET',
    url: '/v1/experience',
    summary: 'What deliveries of the mines of these listings were found to hold, against what was listed',
    area: 'reputation',
    access: 'signed_in',
    query: Exact({
      listings: Type.String({ pattern: '^[0-9a-zA-Z_-]{1,64}(,[0-9a-zA-Z_-]{1,64}){0,49}$' }),
    }),
    ok: Exact({ items: Type.Array(ListingExperience) }),
    problems: [],
  }),
} as const satisfies Record<string, Route>;
