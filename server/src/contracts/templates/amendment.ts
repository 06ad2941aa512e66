/**
 * An amendment of a contract that binds: a document of its own, that names what it amends by number and hash,
 * says each value that changes from what to what, and what the terms then come to.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@seam/units';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Bilingual } from './clause.ts';
import { type Change, applyChanges } from './change.ts';
import { line } from './parameters.ts';
import { checkTerms } from './parse.ts';
import { type ClauseRedline, redline } from './redline.ts';
import type { LibraryTerms, PartyTerms } from './terms.ts';
import { type ClauseText, clauseTexts } from './text.ts';

export type AmendmentTerms = {
  readonly schema: 'seam.amendment.1';
  readonly contractId: string;
  /** The contract's number with "-A1", "-A2" and so on. */
  readonly number: string;
  readonly issuedAt: string;
  /** The file that binds, and the terms attached to it. */
  readonly amends: {
    readonly contractId: string;
    readonly number: string;
    readonly sha256: string;
    readonly termsSha256: string;
  };
  /** The amendment before this one. */
  readonly previous: { readonly number: string; readonly sha256: string } | null;
  readonly seller: PartyTerms;
  readonly buyer: PartyTerms;
  readonly reason: string;
  readonly changes: readonly Change[];
  /** Of the canonical terms once all amendments up to this one are applied. */
  readonly effectiveSha256: string;
};

export const termsSha256 = (terms: LibraryTerms): string =>
  createHash('sha256').update(canonicalJson(terms)).digest('hex');

const hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const exact = { additionalProperties: false };
const named = { number: line(64), sha256: hash };
const party = Type.Object(
  {
    organisationId: line(64),
    name: line(200),
    nameZh: Type.Union([line(200), Type.Null()]),
    legalIdKind: Type.Enum(['uscc', 'lei']),
    legalId: line(40),
    address: line(500, 0),
    bankAccount: line(200),
  },
  exact,
);
const SHAPE = Type.Object(
  {
    schema: Type.Literal('seam.amendment.1'),
    contractId: line(64),
    number: line(64),
    issuedAt: line(30),
    amends: Type.Object({ contractId: line(64), ...named, termsSha256: hash }, exact),
    previous: Type.Union([Type.Null(), Type.Object(named, exact)]),
    seller: party,
    buyer: party,
    reason: line(500),
    changes: Type.Array(
      Type.Object({ clause: line(40), path: line(80), from: Type.Unknown(), to: Type.Unknown() }, exact),
      { minItems: 1, maxItems: 50 },
    ),
    effectiveSha256: hash,
  },
  exact,
);

/** @returns undefined for anything that is not exactly an amendment in canonical text. */
export function parseAmendment(text: string): AmendmentTerms | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (canonicalJson(value) !== text || !Value.Check(SHAPE, value)) return undefined;
    return value as unknown as AmendmentTerms;
  } catch {
    return undefined;
  }
}

/**
 * @param terms with all earlier amendments applied.
 * @returns the terms after this amendment; undefined when it is not one of this contract at this point, or
 *   leads to other terms than it says.
 */
export function applyAmendment(terms: LibraryTerms, amendment: AmendmentTerms): LibraryTerms | undefined {
  if (amendment.amends.contractId !== terms.contractId) return undefined;
  const next = applyChanges(terms, amendment.changes);
  if (!next || checkTerms(next).length > 0) return undefined;
  return termsSha256(next) === amendment.effectiveSha256 ? next : undefined;
}

/** The amendment in words: what it amends, old and new of each value, and the clauses as they then read. */
export function amendmentTexts(
  amendment: AmendmentTerms,
  from: LibraryTerms,
  to: LibraryTerms,
): ClauseText[] {
  const changed = redline(from, to);
  const texts = clauseTexts(to);
  return [
    {
      id: 'amends',
      version: 1,
      title: { zh: '被修订的合同', en: 'Contract amended' },
      paragraphs: amended(amendment),
    },
    ...changed.map((clause): ClauseText => ({
      id: clause.id,
      version: 1,
      title: { zh: `修订：${clause.title.zh}`, en: `Change: ${clause.title.en}` },
      paragraphs: [
        ...clause.parameters.flatMap(({ label, fromText, toText }): Bilingual[] =>
          fromText && toText
            ? [
                {
                  zh: `${label.zh}由 ${fromText.zh} 改为 ${toText.zh}。`,
                  en: `${label.en}: ${fromText.en} becomes ${toText.en}.`,
                },
              ]
            : [],
        ),
        ...before(clause, clauseTexts(from), texts),
        { zh: '修订后本条全文如下：', en: 'The clause then reads:' },
        ...(texts.find(({ id }) => id === clause.id)?.paragraphs ?? []),
      ],
    })),
    { id: 'effect', version: 1, title: { zh: '效力', en: 'Effect' }, paragraphs: EFFECT },
  ];
}

/** What is worded rule by rule shows its old words where they are not the new ones. */
function before(
  { id, parameters }: ClauseRedline,
  old: readonly ClauseText[],
  next: readonly ClauseText[],
): Bilingual[] {
  if (parameters.every(({ toText }) => toText !== null)) return [];
  const kept = new Set(next.find((clause) => clause.id === id)?.paragraphs.map(({ en }) => en));
  const gone = old.find((clause) => clause.id === id)?.paragraphs.filter(({ en }) => !kept.has(en)) ?? [];
  return gone.length === 0 ? [] : [{ zh: '此前为：', en: 'Until now:' }, ...gone];
}

function amended({ amends, previous, reason }: AmendmentTerms): Bilingual[] {
  return [
    {
      zh: `本补充协议修订合同 ${amends.number}，其生效文件 SHA-256 为 ${amends.sha256}，条款 SHA-256 为 ${amends.termsSha256}。`,
      en: `This amendment changes contract ${amends.number}, whose binding file has the SHA-256 ${amends.sha256} and whose terms have the SHA-256 ${amends.termsSha256}.`,
    },
    previous
      ? {
          zh: `在此之前的补充协议为 ${previous.number}，文件 SHA-256 为 ${previous.sha256}。`,
          en: `The amendment before it is ${previous.number}, whose file has the SHA-256 ${previous.sha256}.`,
        }
      : { zh: '在此之前没有补充协议。', en: 'There is no amendment before it.' },
    { zh: `理由：${reason}`, en: `Reason: ${reason}` },
  ];
}

const EFFECT: readonly Bilingual[] = [
  {
    zh: '本补充协议由卖方、买方和交易中心依次签署并归档后生效，自生效起适用；此前已开具的发票和已完成的付款不受影响。',
    en: 'This amendment takes effect when the Seller, the Buyer and the Centre have signed it in turn and it is filed, and applies from then on; invoices issued and payments made before are not touched.',
  },
  { zh: '合同的其他条款不变。', en: 'All else in the contract stays as it is.' },
];
