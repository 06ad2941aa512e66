/**
 * Renders a business paper: a title, two parties, facts, one table, sums and notes, on A4, Chinese and English
 * beside each other, with the data it was made from attached. Signed by nobody.
 *
 * The same input gives the same bytes: there is no clock and no randomness in it.
 */
import { AFRelationship, PDFDocument, PDFName } from 'pdf-lib';
import { utf8 } from '../der/bytes.ts';
import type { Refusal } from '../refusal.ts';
import { INK, MUTED, RULE, type TextStyle } from './canvas.ts';
import { drawRunningHead } from './contract-frame.ts';
import type { Bilingual } from './document.ts';
import { type FontSet, charactersOf } from './font.ts';
import { BOTTOM, type Frame, LEFT, Pages, RIGHT } from './pages.ts';
import { drawNotes, drawPaperTable, drawPaperTitle, drawSums } from './paper-body.ts';
import { type Card, drawCards } from './cards.ts';
import { embedFonts, missingGlyphs, textsIn, writePdf } from './pdf-file.ts';

export type PaperSide = Card;

export type Paper = {
  readonly title: Bilingual;
  readonly number: string;
  /** Whose paper it is: stands at the head of every page. */
  readonly issuer: Bilingual;
  readonly sides: readonly [PaperSide, PaperSide];
  readonly facts: readonly { readonly label: Bilingual; readonly value: Bilingual }[];
  readonly columns: readonly {
    readonly label: Bilingual;
    /** Of the width; all together 1. */
    readonly share: number;
    readonly align?: 'right';
  }[];
  /** A cell is its lines; the first is set larger. */
  readonly rows: readonly (readonly (readonly string[])[])[];
  readonly sums: readonly {
    readonly label: Bilingual;
    readonly value: string;
    readonly strong?: boolean;
  }[];
  /** Under the sums, full width. */
  readonly sumInWords: Bilingual | null;
  readonly notes: readonly Bilingual[];
  /** Small print at the foot of every page. */
  readonly foot: readonly string[];
  readonly attachment: { readonly name: string; readonly mimeType: string; readonly text: string };
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly fonts: FontSet;
};

export type RenderedPaper = { readonly ok: true; readonly bytes: Uint8Array; readonly pages: number };

const FIXED_TEXT = ' 0123456789/·第页Page';

export async function renderPaper(paper: Paper): Promise<RenderedPaper | Refusal<'FONT_MISSING_GLYPH'>> {
  const { fonts, attachment, ...shown } = paper;
  const text = charactersOf(textsIn(shown) + FIXED_TEXT).join('');
  const missing = missingGlyphs(fonts, text);
  if (missing) return missing;
  const pdf = await PDFDocument.create({ updateMetadata: false });
  const embedded = await embedFonts(pdf, fonts, text);
  const pages = new Pages(pdf, embedded.face, frameOf(paper));
  drawPaperTitle(pages, paper);
  drawCards(pages, paper.sides);
  drawPaperTable(pages, paper);
  drawSums(pages, paper);
  drawNotes(pages, paper);
  pages.finish();
  const created = new Date(paper.createdAt);
  pdf.setTitle(`${paper.title.zh} ${paper.title.en} ${paper.number}`, { showInWindowTitleBar: true });
  pdf.setProducer('Seam');
  pdf.setCreationDate(created);
  pdf.catalog.set(PDFName.of('Lang'), pdf.context.obj('zh-CN'));
  await pdf.attach(utf8(attachment.text), attachment.name, {
    mimeType: attachment.mimeType,
    description: 'The same as data',
    creationDate: created,
    modificationDate: created,
    afRelationship: AFRelationship.Alternative,
  });
  return { ok: true, bytes: await writePdf(pdf, embedded.objects), pages: pages.count };
}

function frameOf({ issuer, number, foot }: Paper): Frame {
  const small: TextStyle = { size: 6.4, colour: MUTED };
  return {
    head: (canvas) => drawRunningHead(canvas, issuer, number),
    foot(canvas, pageOfPages) {
      canvas.line(LEFT, BOTTOM - 12, RIGHT, RULE);
      canvas.textRight(`第 ${pageOfPages} 页  Page ${pageOfPages}`, RIGHT, 56, { ...small, colour: INK });
      foot.forEach((line, index) => canvas.text(line, LEFT, 56 - 11 * index, small));
    },
  };
}
