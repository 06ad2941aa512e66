/**
 * Renders revision 0 of a contract: what the parties read, approve by its hash, and then sign.
 *
 * The same input gives the same bytes: there is no clock and no randomness in it.
 */
import { createHash } from 'node:crypto';
import { AFRelationship, PDFDocument, PDFName } from 'pdf-lib';
import { utf8 } from '../der/bytes.ts';
import { TERMS_FILE_NAME } from '../pdf/profile.ts';
import type { Refusal } from '../refusal.ts';
import { drawClauses, drawParties, drawSummary, drawTitle } from './body.ts';
import { contractFrame } from './contract-frame.ts';
import type { ContractDocument } from './document.ts';
import { charactersOf } from './font.ts';
import { Pages } from './pages.ts';
import { embedFonts, missingGlyphs, textsIn, writePdf } from './pdf-file.ts';
import { drawSignatures } from './signature-page.ts';

export type RenderedContract = {
  readonly ok: true;
  readonly bytes: Uint8Array;
  /** SHA-256 of the file and of the attached terms, lower-case hex. */
  readonly sha256: string;
  readonly termsSha256: string;
  readonly pages: number;
};

const ASCII = Array.from({ length: 0x5f }, (_, index) => String.fromCharCode(0x20 + index)).join('');

/** Words that the layout itself writes, and those of signatures, so that the subset holds their characters. */
const FIXED_TEXT =
  ASCII +
  '电子签署 · 签署合同 见证并归档合同 ' +
  '合同编号 Contract No. 第页 Page 条款摘要 Terms SHA-256 在线核验 Verify · ' +
  '卖方买方交易中心 Seller Buyer Trading centre 主要条款 Principal terms 机构识别码 Organisation identifier ' +
  '签署 Signatures Signed by the seller buyer trading centre ' +
  '各方依次以各自持有的私钥对本文件全文电子签署。后一签署涵盖前一签署；任何改动均使签署失效。' +
  'The parties sign this whole document electronically, one after another, each with a key it alone holds. ' +
  'Each signature covers those before it; any change makes them invalid.';

export async function renderContract(
  document: ContractDocument,
): Promise<RenderedContract | Refusal<'FONT_MISSING_GLYPH'>> {
  const text = charactersOf(textOf(document) + FIXED_TEXT).join('');
  const missing = missingGlyphs(document.fonts, text);
  if (missing) return missing;
  const pdf = await PDFDocument.create({ updateMetadata: false });
  const termsSha256 = hash(utf8(document.termsJson));
  const fonts = await embedFonts(pdf, document.fonts, text);
  const pages = new Pages(pdf, fonts.face, contractFrame(document, termsSha256));
  drawTitle(pages, document);
  drawParties(pages, document);
  drawSummary(pages, document);
  drawClauses(pages, document.clauses);
  drawSignatures(pdf, pages, document);
  pages.finish();
  await describe(pdf, document);
  const bytes = await writePdf(pdf, fonts.objects);
  return { ok: true, bytes, sha256: hash(bytes), termsSha256, pages: pages.count };
}

async function describe(pdf: PDFDocument, document: ContractDocument): Promise<void> {
  const created = new Date(document.createdAt);
  pdf.setTitle(`${document.title.zh} ${document.title.en} ${document.contractId}`, {
    showInWindowTitleBar: true,
  });
  pdf.setProducer('Seam');
  pdf.setCreationDate(created);
  pdf.catalog.set(PDFName.of('Lang'), pdf.context.obj('zh-CN'));
  await pdf.attach(utf8(document.termsJson), TERMS_FILE_NAME, {
    mimeType: 'application/json',
    description: 'Canonical terms of the contract',
    creationDate: created,
    modificationDate: created,
    afRelationship: AFRelationship.Data,
  });
}

function textOf(document: ContractDocument): string {
  const { fonts: _fonts, qr: _qr, termsJson: _terms, ...shown } = document;
  return textsIn(shown);
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
