/** Cards of the parties, side by side: who they are, in both languages, and what identifies them. */
import { ACCENT, MUTED, TINT, type TextStyle } from './canvas.ts';
import type { Bilingual } from './document.ts';
import { CONTENT_WIDTH, LEFT, type Pages } from './pages.ts';

export type Card = {
  readonly role: Bilingual;
  readonly name: Bilingual;
  readonly details: readonly { readonly label: Bilingual; readonly value: string }[];
};

type Row = { readonly text: string; readonly style: TextStyle; readonly leading: number };

const GAP = 9;
const PADDING = 9;
const HEAD = 30;

/** All as tall as the tallest; together on one page. */
export function drawCards(pages: Pages, cards: readonly Card[]): void {
  const width = (CONTENT_WIDTH - (cards.length - 1) * GAP) / cards.length;
  const rowsOf = cards.map((card) => cardRows(pages, card, width - 2 * PADDING));
  const height = HEAD + Math.max(...rowsOf.map((rows) => rows.reduce((sum, row) => sum + row.leading, 0)));
  pages.ensure(height);
  cards.forEach(({ role }, index) => {
    const x = LEFT + index * (width + GAP);
    pages.canvas.box(x, pages.y - height, width, height, TINT);
    pages.canvas.box(x, pages.y - 2, width, 2, ACCENT);
    const style = { size: 8, weight: 'bold', colour: ACCENT } as const;
    pages.canvas.text(`${role.zh}  ${role.en}`, x + PADDING, pages.y - 16, style);
    let y = pages.y - 19;
    for (const row of rowsOf[index]!) {
      y -= row.leading;
      pages.canvas.text(row.text, x + PADDING, y, row.style);
    }
  });
  pages.y -= height + 16;
}

function cardRows(pages: Pages, { name, details }: Card, width: number): Row[] {
  const rows = (text: string, style: TextStyle, leading: number, first = leading): Row[] =>
    pages
      .lines(text, style, width)
      .map((line, index) => ({ text: line.text, style, leading: index ? leading : first }));
  return [
    ...rows(name.zh, { size: 9.5, weight: 'bold' }, 13, 14),
    ...(name.en === name.zh ? [] : rows(name.en, { size: 7.8, colour: MUTED }, 10, 11)),
    ...details.flatMap(({ label, value }) => [
      ...rows(`${label.zh} ${label.en}`, { size: 6.3, colour: MUTED }, 8, 13),
      ...rows(value, { size: 7.6 }, 10, 10),
    ]),
  ];
}
