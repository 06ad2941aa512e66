/** Lays out title, parties, summary, clauses and tables. */
import { drawCards } from './cards.ts';
import { ACCENT, INK, MUTED, RULE, TINT, type TextStyle } from './canvas.ts';
import type { Bilingual, ContractClause, ContractDocument, ContractTable } from './document.ts';
import type { Line } from './lines.ts';
import { CONTENT_WIDTH, LEFT, PAGE_ROOM, type Pages, RIGHT } from './pages.ts';

const GUTTER = 20;
const ZH_WIDTH = (CONTENT_WIDTH - GUTTER) * 0.45;
const EN_LEFT = LEFT + ZH_WIDTH + GUTTER;
const EN_WIDTH = RIGHT - EN_LEFT;
const ZH: TextStyle = { size: 9 };
const EN: TextStyle = { size: 8.5, colour: [0.2, 0.22, 0.26] };
const ZH_LEADING = 14.4;
const EN_LEADING = 12.2;
const NUMBER_WIDTH = 21;

export function drawTitle(pages: Pages, document: ContractDocument): void {
  const centre = (LEFT + RIGHT) / 2;
  const { canvas } = pages;
  pages.y -= 34;
  canvas.textCentre(document.title.zh, centre, pages.y, { size: 21, weight: 'bold', colour: ACCENT });
  pages.y -= 20;
  canvas.textCentre(document.title.en, centre, pages.y, { size: 12, colour: ACCENT });
  pages.y -= 20;
  const subtitle = `${document.subtitle.zh}   ·   ${document.subtitle.en}`;
  canvas.textCentre(subtitle, centre, pages.y, { size: 8.2, colour: MUTED });
  pages.y -= 20;
}

const ROLE_LABEL: Record<keyof ContractDocument['parties'], Bilingual> = {
  seller: { zh: '卖方', en: 'Seller' },
  buyer: { zh: '买方', en: 'Buyer' },
  centre: { zh: '交易中心', en: 'Trading centre' },
};
const IDENTIFIER_LABEL: Bilingual = { zh: '机构识别码', en: 'Organisation identifier' };

export function drawParties(pages: Pages, { parties }: ContractDocument): void {
  drawCards(
    pages,
    (['seller', 'buyer', 'centre'] as const).map((role) => {
      const { name, organizationIdentifier, details } = parties[role];
      return {
        role: ROLE_LABEL[role],
        name,
        details: [{ label: IDENTIFIER_LABEL, value: organizationIdentifier }, ...details],
      };
    }),
  );
}

/** Label, Chinese and English value in three columns, one light row in two. */
export function drawSummary(pages: Pages, { summary }: ContractDocument): void {
  const labelWidth = 132;
  const half = (CONTENT_WIDTH - labelWidth) / 2 - 10;
  drawSectionTitle(pages, { zh: '主要条款', en: 'Principal terms' });
  summary.forEach(({ label, value }, index) => {
    const zh = pages.lines(value.zh, { size: 8.6 }, half);
    const en = pages.lines(value.en, { size: 8.2 }, half);
    const height = Math.max(zh.length, en.length) * 12.5 + 6;
    pages.ensure(height);
    if (index % 2 === 0) pages.canvas.box(LEFT, pages.y - height, CONTENT_WIDTH, height, TINT);
    pages.canvas.text(label.zh, LEFT + 6, pages.y - 12.5, { size: 8.2, weight: 'bold' });
    const offset = pages.canvas.width(label.zh, { size: 8.2, weight: 'bold' });
    pages.canvas.text(label.en, LEFT + 6 + offset + 5, pages.y - 12.5, { size: 6.8, colour: MUTED });
    drawLines(pages, zh, LEFT + labelWidth + 4, 12.5, { size: 8.6 }, false, 3.4);
    drawLines(pages, en, LEFT + labelWidth + half + 14, 12.5, { size: 8.2, colour: MUTED }, false, 3.4);
    pages.y -= height;
  });
  pages.canvas.line(LEFT, pages.y, RIGHT, RULE);
  pages.y -= 18;
}

function drawSectionTitle(pages: Pages, title: Bilingual): void {
  pages.ensure(60);
  pages.canvas.text(title.zh, LEFT, pages.y - 10, { size: 10.5, weight: 'bold', colour: ACCENT });
  const offset = pages.canvas.width(title.zh, { size: 10.5, weight: 'bold' });
  pages.canvas.text(title.en, LEFT + offset + 8, pages.y - 10, { size: 8.5, colour: MUTED });
  pages.y -= 18;
}

/** Chinese left, English right, clause beside clause. */
export function drawClauses(pages: Pages, clauses: readonly ContractClause[]): void {
  clauses.forEach((clause, index) => {
    const number = String(index + 1);
    const first = clause.paragraphs[0];
    // A heading alone at the foot of a page helps nobody.
    pages.ensure(36 + (first ? Math.min(heightOf(layParagraph(pages, first)), 4 * ZH_LEADING) : 0));
    drawHeading(pages, number, clause.heading);
    clause.paragraphs.forEach((paragraph, at) => drawParagraph(pages, `${number}.${at + 1}`, paragraph));
    if (clause.table) drawTable(pages, clause.table);
    pages.y -= 7;
  });
}

function drawHeading(pages: Pages, number: string, heading: Bilingual): void {
  const zh: TextStyle = { size: 10, weight: 'bold', colour: ACCENT };
  const en: TextStyle = { size: 9, weight: 'bold', colour: ACCENT };
  const zhLines = pages.lines(heading.zh, zh, ZH_WIDTH - NUMBER_WIDTH);
  const enLines = pages.lines(heading.en, en, EN_WIDTH - NUMBER_WIDTH);
  pages.canvas.line(LEFT, pages.y, RIGHT, RULE);
  pages.y -= 5;
  pages.canvas.text(number, LEFT, pages.y - 9.1, zh);
  pages.canvas.text(number, EN_LEFT, pages.y - 9.1, en);
  drawLines(pages, zhLines, LEFT + NUMBER_WIDTH, 12.5, zh, false);
  drawLines(pages, enLines, EN_LEFT + NUMBER_WIDTH, 12.5, en, false);
  pages.y -= 12.5 * Math.max(zhLines.length, enLines.length) + 5;
}

type Laid = { zh: Line[]; en: Line[] };

function layParagraph(pages: Pages, paragraph: Bilingual): Laid {
  return {
    zh: pages.lines(paragraph.zh, ZH, ZH_WIDTH - NUMBER_WIDTH),
    en: pages.lines(paragraph.en, EN, EN_WIDTH - NUMBER_WIDTH),
  };
}

const heightOf = ({ zh, en }: Laid): number => Math.max(zh.length * ZH_LEADING, en.length * EN_LEADING) + 4;

function drawParagraph(pages: Pages, number: string, paragraph: Bilingual): void {
  let rest = layParagraph(pages, paragraph);
  // Short ones are kept whole; of others neither the first nor the last line stands alone on a page.
  pages.ensure(rest.zh.length <= 4 ? Math.min(heightOf(rest), PAGE_ROOM) : 2 * ZH_LEADING);
  let label = number;
  while (rest.zh.length > 0 || rest.en.length > 0) {
    const zh = fitting(rest.zh, pages.room / ZH_LEADING);
    const en = fitting(rest.en, (pages.room - ZH_LEADING + EN_LEADING) / EN_LEADING);
    if (label !== '') {
      pages.canvas.text(label, LEFT, pages.y - ZH_LEADING + 3.4, { size: 7.6, colour: MUTED });
    }
    drawLines(pages, zh, LEFT + NUMBER_WIDTH, ZH_LEADING, ZH, true);
    if (label !== '')
      pages.canvas.text(label, EN_LEFT, pages.y - ZH_LEADING + 3.4, { size: 7.6, colour: MUTED });
    drawLines(pages, en, EN_LEFT + NUMBER_WIDTH, EN_LEADING, EN, false, ZH_LEADING - EN_LEADING);
    pages.y -= heightOf({ zh, en });
    rest = { zh: rest.zh.slice(zh.length), en: rest.en.slice(en.length) };
    label = '';
    if (rest.zh.length > 0 || rest.en.length > 0) pages.newPage();
  }
}

/** The lines that go on this page, leaving at least two for the next. */
function fitting(lines: readonly Line[], room: number): Line[] {
  const fit = Math.floor(room);
  return lines.slice(0, fit >= lines.length ? lines.length : Math.max(0, Math.min(fit, lines.length - 2)));
}

/** Draws from the current top without moving it. Chinese is set flush right but for its last line. */
function drawLines(
  pages: Pages,
  lines: readonly Line[],
  x: number,
  leading: number,
  style: TextStyle,
  justify: boolean,
  drop = 0,
): void {
  lines.forEach((line, index) => {
    const gaps = [...line.text].length - 1;
    const stretch = justify && !line.last && gaps > 0 && line.slack > 0 && line.slack < 3 * style.size;
    const y = pages.y - drop - leading * (index + 1) + 3.4;
    pages.canvas.text(line.text, x, y, stretch ? { ...style, spacing: line.slack / gaps } : style);
  });
}

/** Full width; a row stays whole and the head is repeated on a new page. */
function drawTable(pages: Pages, table: ContractTable): void {
  const width = CONTENT_WIDTH / table.columns.length;
  const drawHead = () => {
    pages.canvas.box(LEFT, pages.y - 26, CONTENT_WIDTH, 26, ACCENT);
    table.columns.forEach(({ zh, en }, index) => {
      const x = LEFT + index * width + 6;
      pages.canvas.text(zh, x, pages.y - 11, { size: 7.8, weight: 'bold', colour: [1, 1, 1] });
      pages.canvas.text(en, x, pages.y - 20.5, { size: 6.4, colour: [0.82, 0.87, 0.94] });
    });
    pages.y -= 26;
  };
  pages.y -= 4;
  pages.ensure(64);
  drawHead();
  for (const row of table.rows) {
    const cells = row.map((cell) => pages.lines(cell, { size: 8 }, width - 12));
    const height = Math.max(1, ...cells.map((lines) => lines.length)) * 11 + 6;
    if (pages.room < height) {
      pages.newPage();
      drawHead();
    }
    cells.forEach((lines, index) => {
      lines.forEach((line, at) =>
        pages.canvas.text(line.text, LEFT + index * width + 6, pages.y - 11 * (at + 1) - 0.5, {
          size: 8,
          colour: INK,
        }),
      );
    });
    pages.y -= height;
    pages.canvas.line(LEFT, pages.y, RIGHT, RULE);
  }
  pages.y -= 8;
}
