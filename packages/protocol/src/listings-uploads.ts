/** Files of lots: many at once, from a spreadsheet and back. */
import { Type, type Static } from 'typebox';
import { Day, Exact, Id, IdParams, Text } from './common.ts';
import { PUBLISH_PROBLEMS } from './listings.ts';
import { AuditFlagView, CoalRank, CurrencyCode } from './quality.ts';
import { type Route, route } from './route.ts';

const AREA = 'listings';
const CSV = 'text/csv';

export const RefusedLot = Exact({
  /** Of the file, the heading being line 1. */
  line: Type.Integer(),
  code: Type.String(),
  /** Codes by field of the wire. */
  fields: Type.Record(Type.String(), Type.String()),
});
/** Nothing is stored of it before it is confirmed. `rows` = `goodRows` + `refusedRows`. */
export const UploadPreview = Exact({
  id: Id,
  name: Type.String(),
  rows: Type.Integer(),
  goodRows: Type.Integer(),
  refusedRows: Type.Integer(),
  /** How many rows have each fault; a row may have several. */
  byCode: Type.Record(Type.String(), Type.Integer()),
  /** Headings nobody knows: their values are left out. */
  unknownColumns: Type.Array(Type.String()),
  firstRefused: Type.Array(RefusedLot),
  /** Good rows whose values contradict each other: they are listed with these flags. */
  flaggedRows: Type.Integer(),
  byFlag: Type.Record(Type.String(), Type.Integer()),
  firstFlagged: Type.Array(Exact({ line: Type.Integer(), flags: Type.Array(AuditFlagView) })),
  firstGood: Type.Array(
    Exact({
      line: Type.Integer(),
      mine: Type.String(),
      coalRank: CoalRank,
      quantity: Type.String(),
      currency: CurrencyCode,
      price: Type.String(),
      windowFrom: Day,
      windowTo: Day,
    }),
  ),
  confirmed: Type.Boolean(),
});
export type UploadPreview = Static<typeof UploadPreview>;

export const listingUploadRoutes = {
  lotTemplate: route({
    method: 'GET',
    url: '/v1/listing-uploads/template',
    summary: 'A CSV file to begin with: headings and an example',
    area: AREA,
    access: 'public',
    ok: Type.Any(),
    produces: CSV,
    problems: [],
  }),
  exportLots: route({
    method: 'GET',
    url: '/v1/listing-uploads/export',
    summary: 'The own lots as CSV, in the form that is read again',
    area: AREA,
    access: 'member',
    ok: Type.Any(),
    produces: CSV,
    problems: [],
  }),
  previewLots: route({
    method: 'POST',
    url: '/v1/listing-uploads',
    summary: 'Look a CSV file (text/csv, at most 16 MB) of lots over; nothing is listed',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    query: Exact({ name: Type.Optional(Text(200, 0)) }),
    ok: UploadPreview,
    okStatus: 201,
    problems: [
      'listing.sellers_only',
      'listing.upload_empty',
      'listing.upload_header',
      'listing.upload_too_large',
      'listing.upload_busy',
    ],
  }),
  lotUpload: route({
    method: 'GET',
    url: '/v1/listing-uploads/:id',
    summary: 'The preview of a file that waits for its confirmation',
    area: AREA,
    access: { roles: ['trader'] },
    params: IdParams,
    ok: UploadPreview,
    problems: ['resource.not_found', 'listing.upload_confirmed', 'listing.upload_busy'],
  }),
  refusedLots: route({
    method: 'GET',
    url: '/v1/listing-uploads/:id/refused',
    summary: 'Every refused row with its line and what is wrong, as CSV',
    area: AREA,
    access: { roles: ['trader'] },
    params: IdParams,
    ok: Type.Any(),
    produces: CSV,
    problems: ['resource.not_found', 'listing.upload_confirmed', 'listing.upload_busy'],
  }),
  confirmLots: route({
    method: 'POST',
    url: '/v1/listing-uploads/:id/confirm',
    summary: 'Put the good rows of a file on the market: all of them, once',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    params: IdParams,
    ok: Exact({ made: Type.Integer(), inReview: Type.Integer() }),
    problems: [
      'resource.not_found',
      'listing.upload_confirmed',
      'listing.upload_changed',
      'listing.upload_nothing_good',
      'listing.upload_busy',
      ...PUBLISH_PROBLEMS,
    ],
  }),
} as const satisfies Record<string, Route>;
