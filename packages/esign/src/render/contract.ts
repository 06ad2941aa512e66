/**
 * Renders revision 0 of a contract: what the parties read, approve by its hash, and then sign.
 *
 * The same input gives the same bytes: there is no clock and no randomness in it.
 */
import { createHash } from 'node:crypto';
import { AFRelationship, PDFDocument, PDFName } from 'pdf-lib';
import { utf8 } from '../der/bytes.ts';
import { TERMS_FILE_NAME } from '../pdf/profile.ts';
import { type NewObject, writeFile } from '../pdf/write.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { drawClauses, drawParties, drawSummary, drawTitle } from './body.ts';
import { type Typeface, measuresOf } from './canvas.ts';
import type { ContractDocument } from './document.ts';
import { cutFont } from './cut-font.ts';
import { FONT_OBJECTS, REGULAR_FONT, encoderOf, fontObjects } from './font-objects.ts';
import { charactersOf, openFont } from './font.ts';
import { newObjects } from './objects.ts';
import { Pages } from './pages.ts';
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
  const missing = openFont(document.fonts.regular).missing(text);
  if (missing.length > 0) {
    const list = missing.map(
      (c) => `${c} (U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')})`,
    );
    return refuse('FONT_MISSING_GLYPH', `the font has no ${list.join(', ')}`);
  }
  const pdf = await PDFDocument.create({ updateMetadata: false });
  const termsSha256 = hash(utf8(document.termsJson));
  const fonts = await cutFonts(pdf, document, text);
  const pages = new Pages(pdf, fonts.face, document);
  drawTitle(pages, document);
  drawParties(pages, document);
  drawSummary(pages, document);
  drawClauses(pages, document.clauses);
  drawSignatures(pdf, pages, document);
  pages.finish(termsSha256);
  await describe(pdf, document);
  const bytes = await write(pdf, fonts.objects);
  return { ok: true, bytes, sha256: hash(bytes), termsSha256, pages: pages.count };
}

type Fonts = { readonly face: Typeface; readonly objects: readonly NewObject[] };

/** Keeps object numbers for the two fonts; pdf-lib knows them only as references. */
async function cutFonts(pdf: PDFDocument, { fonts }: ContractDocument, text: string): Promise<Fonts> {
  const objects: NewObject[] = [];
  const embed = async (bytes: Uint8Array, name: string) => {
    const font = await cutFont(bytes, text, name);
    const [ref] = Array.from({ length: FONT_OBJECTS }, () => pdf.context.nextRef());
    objects.push(...fontObjects(font, ref!.objectNumber));
    return { ref: ref!, encode: encoderOf(font) };
  };
  const regular = await embed(fonts.regular, REGULAR_FONT);
  const bold = await embed(fonts.bold, 'NotoSansSC-Bold');
  return { face: { embedded: { regular, bold }, measure: measuresOf(fonts) }, objects };
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

async function write(pdf: PDFDocument, fonts: readonly NewObject[]): Promise<Uint8Array> {
  await pdf.flush();
  const objects = [...newObjects(pdf.context), ...fonts];
  const digest = createHash('sha256');
  for (const { body } of objects) digest.update(body);
  const id = new Uint8Array(digest.digest().subarray(0, 16));
  const root = pdf.context.trailerInfo.Root as unknown as { objectNumber: number };
  const info = pdf.context.trailerInfo.Info as unknown as { objectNumber: number } | undefined;
  return writeFile(objects, { root: root.objectNumber, info: info?.objectNumber, id: [id, id] });
}

function textOf(document: ContractDocument): string {
  const { fonts: _fonts, qr: _qr, termsJson: _terms, ...shown } = document;
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  collect(shown);
  // White space is a break, not a glyph.
  return texts.join('').replace(/\s+/gu, ' ');
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
