/** Lays the terms of a contract or an amendment out as the PDF that is signed: revision 0. */
import { type ContractDocument, type ContractParty, loadFont, renderContract } from '@seam/esign';
import { canonicalJson, formatMoney, formatTonnes } from '@seam/units';
import { encode } from 'uqr';
import { Fault, assert } from '../platform/fault.ts';
import { CENTRE } from './pki/authorities.ts';
import {
  type AmendmentTerms,
  type Bilingual,
  type ContractTerms,
  type LibraryTerms,
  type PartyTerms,
  amendmentTexts,
  applyAmendment,
  clauseTexts,
  contractValue,
  templateOf,
} from './terms.ts';

export type IssuedDocument = { readonly termsJson: string; readonly bytes: Uint8Array };

type Content = Pick<ContractDocument, 'title' | 'subtitle' | 'summary' | 'clauses'>;

/**
 * Plain data in, bytes out: it may run in any thread.
 *
 * @param publicUrl where the contract's verify page is found; printed as a QR code on every page.
 * @param from for an amendment: the terms in force before it.
 * @throws Fault `contract.font_missing_glyph`.
 */
export async function renderTerms(
  terms: ContractTerms | AmendmentTerms,
  publicUrl: string,
  from?: LibraryTerms,
): Promise<IssuedDocument> {
  const termsJson = canonicalJson(terms);
  const verifyUrl = `${publicUrl}/verify?contract=${terms.number}`;
  const content =
    terms.schema === 'seam.amendment.1' ? amendmentContent(terms, from) : contractContent(terms);
  const rendered = await renderContract({
    ...content,
    contractId: terms.number,
    parties: {
      seller: party(terms.seller),
      buyer: party(terms.buyer),
      centre: {
        name: { zh: 'Seam 煤炭交易中心', en: 'Seam Coal Exchange Centre' },
        organizationIdentifier: CENTRE.organizationIdentifier,
        details: [{ label: { zh: '职责', en: 'Role' }, value: '见证与托管 / witness and escrow' }],
      },
    },
    termsJson,
    verifyUrl,
    qr: encode(verifyUrl, { border: 0, ecc: 'M' }).data,
    createdAt: Date.parse(terms.issuedAt),
    fonts: await loadFont(),
  });
  if (!rendered.ok) throw new Fault('contract.font_missing_glyph', rendered.detail);
  return { termsJson, bytes: rendered.bytes };
}

function contractContent(terms: ContractTerms): Content {
  return {
    title:
      terms.schema === 'seam.contract.1'
        ? { zh: '煤炭购销合同', en: 'Coal Sale Contract' }
        : templateOf(terms).title,
    subtitle: subtitleOf(terms, terms.issuedAt.slice(0, 10)),
    summary: summary(terms),
    clauses: clauseTexts(terms).map(({ title, paragraphs }) => ({ heading: title, paragraphs })),
  };
}

function amendmentContent(amendment: AmendmentTerms, from: LibraryTerms | undefined): Content {
  const to = from && applyAmendment(from, amendment);
  assert(from && to, `amendment ${amendment.number} does not start from these terms`);
  const { number, amends, issuedAt } = amendment;
  const day = issuedAt.slice(0, 10);
  return {
    title: { zh: '补充协议', en: 'Amendment' },
    subtitle: { zh: `编号 ${number}，${day}`, en: `No. ${number}, ${day}` },
    summary: [
      {
        label: { zh: '被修订合同', en: 'Contract amended' },
        value: { zh: amends.number, en: amends.number },
      },
      { label: { zh: '理由', en: 'Reason' }, value: { zh: amendment.reason, en: amendment.reason } },
    ],
    clauses: amendmentTexts(amendment, from, to).map(({ title, paragraphs }) => ({
      heading: title,
      paragraphs,
    })),
  };
}

/** A later version names the file it replaces: whoever holds both knows which one counts. */
function subtitleOf(terms: ContractTerms, day: string): Bilingual {
  if (terms.schema === 'seam.contract.1' || terms.supersedes === null)
    return { zh: `合同编号 ${terms.number}，${day}`, en: `No. ${terms.number}, ${day}` };
  const old = terms.supersedes.sha256.slice(0, 16);
  return {
    zh: `合同编号 ${terms.number}，第 ${terms.version} 版，${day}，取代文件 ${old}`,
    en: `No. ${terms.number}, version ${terms.version}, ${day}, replaces file ${old}`,
  };
}

function party(of: PartyTerms): ContractParty {
  return {
    name: { zh: of.nameZh ?? of.name, en: of.name },
    organizationIdentifier: of.legalIdKind === 'uscc' ? `NTRCN-${of.legalId}` : `LEIXG-${of.legalId}`,
    details: [
      {
        label: {
          zh: of.legalIdKind === 'uscc' ? '统一社会信用代码' : '法人机构识别编码',
          en: of.legalIdKind.toUpperCase(),
        },
        value: of.legalId,
      },
      { label: { zh: '地址', en: 'Address' }, value: of.address },
      { label: { zh: '银行账户', en: 'Bank account' }, value: of.bankAccount },
    ],
  };
}

function summary(terms: ContractTerms): ContractDocument['summary'] {
  const { goods } = terms;
  const tonnes = formatTonnes(BigInt(terms.quantityKg));
  const price = `${terms.currency} ${formatMoney(BigInt(terms.pricePerTonne))}`;
  const total = `${terms.currency} ${formatMoney(contractValue(terms))}`;
  const heat = goods.assay.calorificValue;
  const quality = `Q ${heat.kind} ${heat.basis} ${heat.joulesPerGram} J/g; Mt ${percent(goods.assay.totalMoisture.basisPoints)}; A ${goods.assay.ash.basis} ${percent(goods.assay.ash.basisPoints)}; St ${goods.assay.sulphur.basis} ${percent(goods.assay.sulphur.basisPoints)}`;
  const place = { zh: goods.deliveryPlace.nameZh ?? goods.deliveryPlace.name, en: goods.deliveryPlace.name };
  return [
    { label: { zh: '数量', en: 'Quantity' }, value: { zh: `${tonnes} 吨`, en: `${tonnes} t` } },
    { label: { zh: '单价', en: 'Price per tonne' }, value: { zh: price, en: price } },
    { label: { zh: '总价', en: 'Contract value' }, value: { zh: total, en: total } },
    {
      label: { zh: '产地', en: 'Origin' },
      value: { zh: goods.mine.nameZh ?? goods.mine.name, en: `${goods.mine.name}, ${goods.mine.country}` },
    },
    { label: { zh: '质量', en: 'Quality' }, value: { zh: quality, en: quality } },
    {
      label: { zh: '交货', en: 'Delivery' },
      value: {
        zh: `${place.zh}，${goods.windowFrom} 至 ${goods.windowTo}`,
        en: `${place.en}, ${goods.windowFrom} to ${goods.windowTo}`,
      },
    },
  ];
}

const percent = (basisPoints: number): string => `${(basisPoints / 100).toFixed(2)} %`;
