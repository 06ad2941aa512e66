/** What a run has found, as a table for the terminal and as a page of pictures. */
import type { Looked } from './look.ts';
import { nameOf } from './look.ts';

export function table(looked: readonly Looked[]): string {
  const lines = looked
    .filter(({ findings }) => findings.length > 0)
    .flatMap(({ shown, findings }) => [
      `${nameOf(shown)}  ${shown.path}`,
      ...findings.map(({ kind, what, where }) => `    ${kind.padEnd(22)} ${where.padEnd(14)} ${what}`),
    ]);
  const pictures = looked.reduce((sum, one) => sum + one.pictures.length, 0);
  const findings = looked.reduce((sum, one) => sum + one.findings.length, 0);
  const routes = new Set(looked.map(({ shown }) => shown.route)).size;
  return [...lines, `${routes} pages, ${pictures} pictures, ${findings} findings`].join('\n');
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A page that works from a file: every picture small, the whole one behind it. */
export function index(looked: readonly Looked[]): string {
  const sections = looked.map(({ shown, locale, pictures, findings }) => {
    const thumbs = pictures
      .map(
        ({ file, theme, width }) =>
          `<a href="${file}"><img loading="lazy" src="${file}" alt="${theme}, ${width} px"></a>`,
      )
      .join('');
    const list = findings
      .map(({ kind, what, where }) => `<li><b>${kind}</b> ${where} <code>${escaped(what)}</code></li>`)
      .join('');
    return `<section><h2>${nameOf(shown)} · ${locale}</h2><ul>${list}</ul><div>${thumbs}</div></section>`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Seam, every page</title><style>
body{font:14px system-ui;margin:2rem}h2{font-size:1rem}div{display:flex;gap:1rem;align-items:start;overflow-x:auto}
img{height:360px;max-width:560px;object-fit:cover;object-position:top;border:1px solid #999}</style>
<h1>Seam, every page</h1>${sections.join('\n')}</html>\n`;
}
