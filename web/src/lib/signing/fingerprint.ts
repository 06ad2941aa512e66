/** A SHA-256 as people read it to each other: lines of groups of four, so that nobody loses the place. */
const GROUP = 4;
const GROUPS_PER_LINE = 4;

/** `ab12cd34…` → `[['AB12', 'CD34', …], …]`; what is no hexadecimal is grouped as it is. */
export function fingerprintLines(hex: string): string[][] {
  const groups = hex.toUpperCase().match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? [];
  const lines: string[][] = [];
  for (let at = 0; at < groups.length; at += GROUPS_PER_LINE) {
    lines.push(groups.slice(at, at + GROUPS_PER_LINE));
  }
  return lines;
}
