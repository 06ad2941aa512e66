/**
 * The clauses and templates of every edition.
 *
 * A published version never changes: contracts name it by its hash, and a test pins the hashes. Another
 * wording is another version of the clause, added beside the old one, in a new edition.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@seam/units';
import type { Clause, SaleKind, Template } from './clause.ts';
import { goods, parties, quantity } from './clauses/award.ts';
import { carriage, fulfilment } from './clauses/carriage.ts';
import { callOff, delivery, deliveryByPaper } from './clauses/delivery.ts';
import { disputes, forceMajeure, general, orderBook } from './clauses/law.ts';
import { callOffByExchange, laterPrice, stepPrice } from './clauses/long-term.ts';
import { bond, fees, feesByRule, payment, paymentByTruck, security } from './clauses/money.ts';
import { fixedPrice, formulaPrice, indexPrice } from './clauses/price.ts';
import { inspection, quality } from './clauses/quality.ts';
import type { ClauseReference } from './terms.ts';
import * as words from './words.ts';

/** All versions of all clauses that were ever published. */
export const CLAUSES: readonly Clause[] = [
  parties,
  goods,
  quantity,
  fixedPrice,
  indexPrice,
  formulaPrice,
  stepPrice,
  laterPrice,
  quality,
  delivery,
  deliveryByPaper,
  callOff,
  callOffByExchange,
  carriage,
  fulfilment,
  inspection,
  payment,
  paymentByTruck,
  fees,
  feesByRule,
  security,
  bond,
  orderBook,
  forceMajeure,
  disputes,
  general,
];

const at = (...clauses: readonly Clause[]) => clauses.map(({ id, version }) => ({ id, version }));
const opening = [parties, goods, quantity];
const closing = [payment, fees, security, forceMajeure, disputes, general];

export type Edition = { readonly edition: number; readonly templates: readonly Template[] };

const FIRST: Edition = {
  edition: 1,
  templates: [
    {
      id: 'spot_sale',
      version: 1,
      kind: 'spot',
      title: { zh: '煤炭购销合同', en: 'Coal Sale Contract' },
      clauses: at(...opening, fixedPrice, quality, delivery, inspection, ...closing),
    },
    {
      id: 'long_term_sale',
      version: 1,
      kind: 'long_term',
      title: { zh: '煤炭中长期购销合同', en: 'Long-term Coal Sale Contract' },
      clauses: at(
        ...opening,
        fixedPrice,
        quality,
        delivery,
        callOff,
        inspection,
        payment,
        fees,
        security,
        bond,
        forceMajeure,
        disputes,
        general,
      ),
    },
    {
      id: 'order_book_sale',
      version: 1,
      kind: 'order_book',
      title: { zh: '煤炭购销合同（连续交易）', en: 'Coal Sale Contract (order book)' },
      clauses: at(...opening, fixedPrice, quality, delivery, inspection, orderBook, ...closing),
    },
  ],
};

/** The same sales, where the price may also follow a formula. */
const SECOND: Edition = { edition: 2, templates: FIRST.templates };

/** The exchange carries out call-offs, prices each of them, and says what a shortfall owes. */
const THIRD: Edition = {
  edition: 3,
  templates: FIRST.templates.map((template) =>
    template.id === 'long_term_sale'
      ? {
          ...template,
          version: 2,
          clauses: template.clauses.map((one) => (one.id === 'call_off' ? { ...one, version: 2 } : one)),
        }
      : template,
  ),
};

/** A part of the price is released truck by truck. */
const FOURTH: Edition = {
  edition: 4,
  templates: THIRD.templates.map((template) => ({
    ...template,
    version: template.version + 1,
    clauses: template.clauses.map((one) => (one.id === 'payment' ? { ...one, version: 2 } : one)),
  })),
};

/** Rail and ship: whose paper the weight is, and what is owed for loss, time and shortfall. */
const FIFTH: Edition = {
  edition: 5,
  templates: FOURTH.templates.map((template) => ({
    ...template,
    version: template.version + 1,
    clauses: template.clauses.flatMap((one) => {
      if (one.id === 'delivery') return [{ ...one, version: 2 }];
      // A long-term contract answers for its months by its call-offs.
      const added = template.kind === 'long_term' ? [carriage] : [carriage, fulfilment];
      return one.id === 'inspection' ? [one, ...at(...added)] : [one];
    }),
  })),
};

/** The fee follows the exchange's rules, and the contract says which of them. */
const SIXTH: Edition = {
  edition: 6,
  templates: FIFTH.templates.map((template) => ({
    ...template,
    version: template.version + 1,
    clauses: template.clauses.map((one) => (one.id === 'fees' ? { ...one, version: 2 } : one)),
  })),
};

/** Oldest first. Contracts are issued by the last. */
export const EDITIONS: readonly Edition[] = [FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH];

export function currentEdition(): Edition {
  return EDITIONS[EDITIONS.length - 1]!;
}

export function clauseAt(id: string, version: number): Clause | undefined {
  return CLAUSES.find((clause) => clause.id === id && clause.version === version);
}

export function templateFor(kind: SaleKind, edition: Edition = currentEdition()): Template {
  return edition.templates.find((template) => template.kind === kind)!;
}

/** The clauses that make the price, and the edition that each came with. */
export const PRICE_CLAUSES = {
  price_fixed: 1,
  price_index: 1,
  price_formula: 2,
  price_steps: 3,
  price_later: 3,
} as const;
export type PriceClauseId = keyof typeof PRICE_CLAUSES;

/** A price formed by an index or a formula takes the place of the fixed one. */
export function clausesOfTemplate(template: Template, of: { readonly price: PriceClauseId }): Clause[] {
  return template.clauses.map(({ id, version }) => {
    const clause = clauseAt(id, version)!;
    return clause.id === 'price_fixed' ? clauseAt(of.price, 1)! : clause;
  });
}

const sha256 = (value: unknown): string =>
  createHash('sha256')
    // A schema's own JSON: what is in it as symbols belongs to the validator, not to the agreement.
    .update(canonicalJson(JSON.parse(JSON.stringify(value))))
    .digest('hex');

const hashes = new Map<Clause, string>();

/** Of title, wording, parameters with their ranges, and who may change them. */
export function clauseSha256(clause: Clause): string {
  const known = hashes.get(clause);
  if (known) return known;
  const hash = sha256(clause);
  hashes.set(clause, hash);
  return hash;
}

export const clauseReference = (clause: Clause): ClauseReference => ({
  id: clause.id,
  version: clause.version,
  sha256: clauseSha256(clause),
});

const editionHashes = new WeakMap<Edition, string>();

/** Every reading of terms asks for it, and an edition never changes: reckoned once. */
export function librarySha256(edition: Edition): string {
  const known = editionHashes.get(edition);
  if (known) return known;
  const hash = editionSha256(edition);
  editionHashes.set(edition, hash);
  return hash;
}

/** The words of codes, which clauses take their text from, are part of an edition. */
function editionSha256({ edition, templates }: Edition): string {
  const used = new Set(
    templates.flatMap((template) => template.clauses.map(({ id, version }) => `${id}@${version}`)),
  );
  for (const [id, since] of Object.entries(PRICE_CLAUSES)) if (edition >= since) used.add(`${id}@1`);
  const clauses = CLAUSES.filter(({ id, version }) => used.has(`${id}@${version}`)).map(clauseReference);
  return sha256({ edition, templates, clauses, words: { ...words } });
}
