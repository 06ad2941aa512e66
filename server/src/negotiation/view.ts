/** Offers and entries as their companies see them. Pure: rows in, wire out. */
import type { EntryView, OfferChange, OfferTerms, OfferView } from '@seam/protocol';
import { formatMoney, formatTonnes } from '@seam/units';
import {
  type FormulaTerms,
  type LibraryTerms,
  changedParameters,
  contractValue,
} from '../contracts/public.ts';
import { stateAt } from './lifecycle.ts';
import type { EntryRow, OfferRow } from './tables.ts';
import { hex } from './transcript.ts';

export type Names = ReadonlyMap<string, string>;

export const draftOf = (row: Pick<OfferRow, 'draft'>): LibraryTerms => JSON.parse(row.draft) as LibraryTerms;

export function offerView(
  row: OfferRow,
  before: OfferRow | undefined,
  of: { readonly names: Names; readonly now: Date },
): OfferView {
  const draft = draftOf(row);
  const { terms } = JSON.parse(row.terms) as { terms: OfferTerms };
  return {
    version: row.version,
    sha256: hex(row.sha256),
    side: row.side,
    person: of.names.get(row.personId) ?? '',
    state: stateAt(row, of.now),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    terms,
    deliveryPlace: draft.goods.deliveryPlace,
    price: formatMoney(BigInt(draft.pricePerTonne)),
    quantity: formatTonnes(BigInt(draft.quantityKg)),
    total: formatMoney(contractValue(draft)),
    formula: formulaView(draft.formula),
    changes: before ? changesOf(draftOf(before), draft) : [],
  };
}

export function formulaView(formula: FormulaTerms | undefined | null): OfferView['formula'] {
  if (!formula) return null;
  const { typed, frozen, quotations } = formula;
  return { typed, expression: frozen.expression, hash: frozen.hash, quotations: [...quotations] };
}

/** Field by field; a clause of its own words is named without them, the redline shows those. */
export function changesOf(from: LibraryTerms, to: LibraryTerms): OfferChange[] {
  return changedParameters(from, to).map(({ path, label, fromText, toText }) => ({
    path,
    label,
    from: fromText,
    to: toText,
  }));
}

type Body = {
  readonly text?: string;
  readonly reason?: string;
  readonly version?: number;
  readonly attachmentId?: string;
  readonly name?: string;
  readonly mediaType?: string;
  readonly bytes?: number;
  readonly sha256?: string;
};

export function entryView(row: EntryRow, names: Names): EntryView {
  const body = JSON.parse(row.body) as Body;
  const { attachmentId, name = '', mediaType = '', bytes = 0, sha256 = '' } = body;
  return {
    n: row.n,
    kind: row.kind,
    side: row.side,
    person: row.personId === null ? null : (names.get(row.personId) ?? ''),
    at: row.at.toISOString(),
    text: body.text ?? (body.reason === undefined || body.reason === '' ? null : body.reason),
    offerVersion: body.version ?? null,
    attachment: attachmentId === undefined ? null : { id: attachmentId, name, mediaType, bytes, sha256 },
    hash: hex(row.hash),
  };
}
