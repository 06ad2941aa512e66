/** Breaks Chinese, English and mixed text into lines, with the punctuation rules of both. */
import type { Measure } from './font.ts';

export type Line = {
  readonly text: string;
  /** Points left over to the right. */
  readonly slack: number;
  readonly last: boolean;
};

/** May not begin a line. */
const CLOSING = /^[、，。．；：！？）】》」』〉”’％‰℃°,.;:!?)\]}%]$/u;
/** May not end a line. */
const OPENING = /^[（【《「『〈“‘([{]$/u;
const ATOM = /\s+|[!-~\u00a0-\u024f]+|./gsu;

export function breakLines(text: string, measure: Measure, size: number, width: number): Line[] {
  const lines: Line[] = [];
  let line = '';
  let used = 0;
  const push = (last: boolean) => {
    const trimmed = line.trimEnd();
    lines.push({ text: trimmed, slack: width - measure.width(trimmed, size), last });
    line = '';
    used = 0;
  };
  for (const atom of atoms(text)) {
    const isSpace = /^\s+$/.test(atom);
    for (const piece of isSpace ? [' '] : fitting(atom, measure, size, width)) {
      const pieceWidth = measure.width(piece, size);
      if (line !== '' && !isSpace && used + pieceWidth > width) push(false);
      if (isSpace && line === '') continue;
      line += piece;
      used += pieceWidth;
    }
  }
  push(true);
  return lines;
}

/** Runs that must stay together: Latin words, and Chinese characters with their punctuation. */
function atoms(text: string): string[] {
  const out: string[] = [];
  let glue = false;
  for (const [atom] of text.trim().matchAll(ATOM)) {
    if (out.length > 0 && (glue || (CLOSING.test(atom) && !/\s$/.test(out.at(-1)!))))
      out[out.length - 1] += atom;
    else out.push(atom);
    glue = OPENING.test(atom);
  }
  return out;
}

/** A run longer than the column (a hash, an address) is cut where it must be. */
function fitting(atom: string, measure: Measure, size: number, width: number): string[] {
  if (measure.width(atom, size) <= width) return [atom];
  const pieces: string[] = [];
  let piece = '';
  for (const character of atom) {
    if (piece !== '' && measure.width(piece + character, size) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}
