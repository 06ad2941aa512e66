/** The block at the end with one signature field per party, demanded of that party's organisation. */
import { PDFHexString, PDFName, PDFString, type PDFDocument } from 'pdf-lib';
import { ORGANIZATION_IDENTIFIER_KEY } from '../pdf/form.ts';
import { SIGNATURE_FIELDS, type SignatureField } from '../pdf/profile.ts';
import { ACCENT, MUTED, RULE, TINT } from './canvas.ts';
import type { Bilingual, ContractDocument, ContractParty } from './document.ts';
import { CONTENT_WIDTH, LEFT, type Pages, RIGHT } from './pages.ts';

const BOX_HEIGHT = 88;
const FIELD_WIDTH = 268;
const FIELD_HEIGHT = 74;

const BLOCKS: Record<SignatureField, { role: keyof ContractDocument['parties']; title: Bilingual }> = {
  sig_seller: { role: 'seller', title: { zh: '卖方签署', en: 'Signed by the seller' } },
  sig_buyer: { role: 'buyer', title: { zh: '买方签署', en: 'Signed by the buyer' } },
  sig_centre: { role: 'centre', title: { zh: '交易中心签署', en: 'Signed by the trading centre' } },
};

const STATEMENT: Bilingual = {
  zh: '各方依次以各自持有的私钥对本文件全文电子签署。后一签署涵盖前一签署；任何改动均使签署失效。',
  en: 'The parties sign this whole document electronically, one after another, each with a key it alone holds. Each signature covers those before it; any change makes them invalid.',
};

export function drawSignatures(pdf: PDFDocument, pages: Pages, document: ContractDocument): void {
  const zh = pages.lines(STATEMENT.zh, { size: 8.2 }, CONTENT_WIDTH);
  const en = pages.lines(STATEMENT.en, { size: 7.8 }, CONTENT_WIDTH);
  pages.ensure(34 + 12 * (zh.length + en.length + 1) + SIGNATURE_FIELDS.length * (BOX_HEIGHT + 8));
  pages.y -= 8;
  pages.canvas.line(LEFT, pages.y, RIGHT, ACCENT, 1.1);
  pages.canvas.text('签署', LEFT, pages.y - 19, { size: 12, weight: 'bold', colour: ACCENT });
  pages.canvas.text('Signatures', LEFT + 33, pages.y - 19, { size: 9, colour: MUTED });
  pages.y -= 34;
  for (const line of zh) drawStatement(pages, line.text, 8.2);
  for (const line of en) drawStatement(pages, line.text, 7.8);
  pages.y -= 2;
  const form = pdf.context.obj({
    Fields: SIGNATURE_FIELDS.map((name) => drawBox(pdf, pages, name, document)),
    SigFlags: 3,
  });
  pdf.catalog.set(PDFName.of('AcroForm'), pdf.context.register(form));
}

function drawStatement(pages: Pages, text: string, size: number): void {
  pages.canvas.text(text, LEFT, pages.y, { size, colour: MUTED });
  pages.y -= 12;
}

function drawBox(pdf: PDFDocument, pages: Pages, name: SignatureField, document: ContractDocument) {
  const { role, title } = BLOCKS[name];
  const party = document.parties[role];
  const { canvas } = pages;
  const bottom = pages.y - BOX_HEIGHT;
  const fieldLeft = RIGHT - FIELD_WIDTH - 10;
  const fieldBottom = bottom + (BOX_HEIGHT - FIELD_HEIGHT) / 2;
  canvas.box(LEFT, bottom, CONTENT_WIDTH, BOX_HEIGHT, TINT);
  canvas.box(LEFT, bottom, 2.5, BOX_HEIGHT, ACCENT);
  canvas.box(fieldLeft, fieldBottom, FIELD_WIDTH, FIELD_HEIGHT, [1, 1, 1]);
  canvas.frame(fieldLeft, fieldBottom, FIELD_WIDTH, FIELD_HEIGHT, RULE, [3, 2]);
  drawParty(pages, party, title, fieldLeft - LEFT - 24);
  const rect = [fieldLeft, fieldBottom, fieldLeft + FIELD_WIDTH, fieldBottom + FIELD_HEIGHT];
  pages.y = bottom - 8;
  const widget = pdf.context.obj({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    T: PDFString.of(name),
    TU: PDFHexString.fromText(`${title.zh} ${title.en}`),
    Rect: rect.map((value) => Math.round(value * 100) / 100),
    // Print and Locked.
    F: 132,
    P: canvas.page.ref,
    SV: seedValue(pdf, party.organizationIdentifier),
  });
  const reference = pdf.context.register(widget);
  canvas.page.node.addAnnot(reference);
  return reference;
}

/** Only a certificate of this organisation, only this kind of signature (ISO 32000-1, tables 234 and 235). */
function seedValue(pdf: PDFDocument, organizationIdentifier: string) {
  return pdf.context.obj({
    Type: 'SV',
    Ff: 67,
    Filter: 'Adobe.PPKLite',
    SubFilter: ['ETSI.CAdES.detached'],
    DigestMethod: [PDFString.of('SHA256')],
    Cert: {
      Type: 'SVCert',
      Ff: 8,
      SubjectDN: [{ [ORGANIZATION_IDENTIFIER_KEY]: PDFString.of(organizationIdentifier) }],
    },
  });
}

function drawParty(pages: Pages, party: ContractParty, title: Bilingual, width: number): void {
  const x = LEFT + 14;
  let y = pages.y - 18;
  pages.canvas.text(`${title.zh}  ${title.en}`, x, y, { size: 8, weight: 'bold', colour: ACCENT });
  y -= 18;
  for (const line of pages.lines(party.name.zh, { size: 9.5, weight: 'bold' }, width)) {
    pages.canvas.text(line.text, x, y, { size: 9.5, weight: 'bold' });
    y -= 12.5;
  }
  for (const line of pages.lines(party.name.en, { size: 7.8 }, width)) {
    pages.canvas.text(line.text, x, y, { size: 7.8, colour: MUTED });
    y -= 10;
  }
  pages.canvas.text(party.organizationIdentifier, x, y - 3, { size: 7.2, colour: MUTED });
}
