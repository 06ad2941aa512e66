/** Every bound of the engine, with the sum that gave it. */

/** The only rules this version decides by; recorded events of any version can still be applied. */
export const RULES_VERSION = 1;

/** Half of COUNT_MAX: the sum of a price and an increment is still a count of ticks. */
export const PRICE_TICKS_MAX = 500_000_000;

/** 10^15 minor units, the largest single amount the ledger books; sums of a thousand fit int8. */
export const AMOUNT_MAX = 10n ** 15n;

/** 10^9 kg in a lot, 10^9 minor units in a tick: far above coal, far below the amount bound. */
export const GRID_STEP_MAX = 10n ** 9n;

/** 10,000 basis points: security may reach the whole value at the starting price. */
export const BASIS_POINTS_MAX = 10_000;

/** One day: a longer soft-close window or extension is a typing error. */
export const SOFT_CLOSE_MS_MAX = 86_400_000;

/** A thousand extensions of the usual two minutes are 33 hours: the hard end comes first. */
export const EXTENSIONS_MAX = 1_000;

/** A group of companies larger than this is excluded one finding at a time. */
export const EXCLUDED_MAX = 100;

/** As Prozorro's minBidsNumber: more than nine would make nearly every auction fail. */
export const MINIMUM_BIDDERS_MAX = 9;

/** After a suspension bidders need time to come back: five minutes. */
export const RESUME_REMAINING_MS_MIN = 300_000;

/** A market that answers again within ten seconds was slow, not down. */
export const OUTAGE_MS_MIN = 10_000;

/** Bidders come for the last quarter of an hour: an outage before it cost nobody the end. */
export const OUTAGE_NEAR_END_MS = 900_000;

/** Least that an outage near the end moves it, but for auctions planned shorter than this. */
export const OUTAGE_EXTENSION_MS_MIN = 900_000;

/** The last instant of the ECMAScript calendar; additions above it stay far from 2^53. */
export const INSTANT_MAX = 8_640_000_000_000_000;

/** The longest public increment table known has ten bands. */
export const INCREMENT_BANDS_MAX = 20;

/** An instruction from 100 to 2,000 by steps of 3 is 634: more of them is a step typed too small. */
export const AUTO_BID_STEPS_MAX = 1_000;

/** Ids are uuids (36) or shorter names; longer is no id of ours. */
export const ID_LENGTH_MAX = 128;

/** Ten thousand steps or rounds of half a minute are three and a half days: more is a typing error. */
export const STEPS_MAX = 10_000;

/** A week: a longer step, round or phase is a typing error. */
export const STEP_MS_MAX = 604_800_000;

/** Sessions of lots are of a hundred or two; a catalogue is remembered as long as its lots. */
export const CATALOGUE_LOTS_MAX = 1_000;

/** Ninety days: public tenders stand still for ten, and sign within twenty. */
export const AFTER_CLOSE_MS_MAX = 7_776_000_000;

/** Whoever waits has money tied up: more than nine would wait for nothing. */
export const WAITING_BIDDERS_MAX = 9;
