/** What a company must prove, without IO: shares of its owners, days of its documents, what still lacks. */
import {
  type DeclarationInput,
  type DossierPart,
  type OrganisationStatus,
  type PartyDocumentKind,
  type PartyDocumentState,
  REQUIRED_DOCUMENTS,
  mayTrade,
} from '@seam/protocol';
import { type Refusal, refuse } from '../../platform/refusal.ts';

const WHOLE_BP = 10_000;
/** Whoever holds a quarter is a beneficial owner to be named (the usual threshold of anti-money-laundering law). */
const NAMED_FROM_BP = 2_500;

/** Calendar days in UTC: the server's clock decides, the same for everybody. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
const DAY_MS = 86_400_000;
/** Whole days from `from` to `to`, both days of the calendar. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}
export function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && dayOf(at) === text;
}

/** @returns a refusal beside the field at fault, or undefined. */
export function checkDeclaration({ owners, ownersReason }: DeclarationInput): Refusal | undefined {
  const held = owners.reduce((sum, owner) => sum + owner.shareBasisPoints, 0);
  if (held > WHOLE_BP)
    return refuse('member.owner_shares', {
      fields: { owners: 'member.owner_shares' },
      accepted: { sharesBasisPoints: String(WHOLE_BP) },
    });
  const idle = owners.findIndex((owner) => owner.shareBasisPoints === 0 && owner.control === undefined);
  if (idle >= 0)
    return refuse('member.owner_without_control', {
      fields: { [`owners.${idle}.control`]: 'member.owner_without_control' },
    });
  if (WHOLE_BP - held >= NAMED_FROM_BP && ownersReason === undefined)
    return refuse('member.owners_unnamed', { fields: { ownersReason: 'member.owners_unnamed' } });
  return undefined;
}

/** @returns a refusal beside the field at fault, or undefined. */
export function checkDays(
  { issuedOn, expiresOn }: { readonly issuedOn: string; readonly expiresOn?: string | undefined },
  today: string,
): Refusal | undefined {
  if (!isDay(issuedOn) || issuedOn > today)
    return refuse('party_document.dates', { fields: { issuedOn: 'party_document.dates' } });
  if (expiresOn === undefined) return undefined;
  if (!isDay(expiresOn) || expiresOn < issuedOn)
    return refuse('party_document.dates', { fields: { expiresOn: 'party_document.dates' } });
  if (expiresOn < today)
    return refuse('party_document.expired', { fields: { expiresOn: 'party_document.expired' } });
  return undefined;
}

export type Paper = {
  readonly kind: PartyDocumentKind;
  readonly state: PartyDocumentState;
  readonly expiresOn: string | null;
};

/** A document counts through its last day. */
export function counts({ state, expiresOn }: Paper, today: string): boolean {
  return state === 'accepted' && (expiresOn === null || expiresOn >= today);
}

/** Required kinds without a document that counts. */
export function missingPapers(papers: readonly Paper[], today: string): PartyDocumentKind[] {
  return REQUIRED_DOCUMENTS.filter(
    (kind) => !papers.some((paper) => paper.kind === kind && counts(paper, today)),
  );
}

/** The last day on which every required document still counts; null: none of them runs out. */
export function certifiedUntil(papers: readonly Paper[], today: string): string | null {
  const lasts = REQUIRED_DOCUMENTS.flatMap((kind) => {
    const own = papers.filter((paper) => paper.kind === kind && counts(paper, today));
    if (own.length === 0 || own.some(({ expiresOn }) => expiresOn === null)) return [];
    return [
      own
        .map(({ expiresOn }) => expiresOn!)
        .toSorted()
        .at(-1)!,
    ];
  });
  return lasts.toSorted()[0] ?? null;
}

export type Dossier = {
  readonly status: OrganisationStatus;
  readonly declared: boolean;
  readonly papers: readonly Paper[];
  readonly people: number;
  readonly canSign: boolean;
};
type Stops = 'certification' | 'trading' | 'signing' | 'account_change';

/** What lacks and what that stops, the most serious first. */
export function missingOf(dossier: Dossier, today: string): { what: DossierPart; stops: Stops }[] {
  const { status, declared, papers, people, canSign } = dossier;
  const stops = mayTrade(status) || status === 'expired' ? 'trading' : 'certification';
  return [
    ...(declared ? [] : [{ what: 'declaration', stops } as const]),
    ...missingPapers(papers, today).map((what) => ({ what: what as DossierPart, stops }) as const),
    ...(canSign ? [] : [{ what: 'signing_certificate', stops: 'signing' } as const]),
    ...(people >= 2 ? [] : [{ what: 'second_person', stops: 'account_change' } as const]),
  ];
}
