/** Amounts of yuan in the capital characters that Chinese papers write them in, so that none can be altered. */

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const PLACES = ['', '拾', '佰', '仟'];
const GROUPS = ['', '万', '亿', '万亿', '亿亿'];

/** @param amount fen, not negative, below 10^20. */
export function yuanInWords(amount: bigint): string {
  const whole = integerInWords(amount / 100n);
  const [jiao, fen] = [Number((amount / 10n) % 10n), Number(amount % 10n)];
  const head = whole === '' ? '' : `${whole}元`;
  if (jiao === 0 && fen === 0) return `${head === '' ? '零元' : head}整`;
  const tenth = jiao > 0 ? `${DIGITS[jiao]}角` : head === '' ? '' : '零';
  return `${head}${tenth}${fen > 0 ? `${DIGITS[fen]}分` : '整'}`;
}

function integerInWords(value: bigint): string {
  const text = String(value);
  let out = '';
  let zeros = false;
  for (let at = 0; at < text.length; at += 1) {
    const place = text.length - 1 - at;
    const digit = Number(text[at]);
    if (digit === 0) zeros = true;
    else {
      out += `${zeros && out !== '' ? '零' : ''}${DIGITS[digit]}${PLACES[place % 4]}`;
      zeros = false;
    }
    if (place % 4 === 0 && groupOf(text, place)) {
      out += GROUPS[place / 4];
      // What follows a whole group of thousands needs no zero unless it lacks a thousand itself.
      zeros = false;
      if (place > 0 && text[at + 1] === '0') zeros = true;
    }
  }
  return out;
}

/** Whether the four digits that end at `place` are not all zero. */
function groupOf(text: string, place: number): boolean {
  const end = text.length - place;
  return /[1-9]/.test(text.slice(Math.max(0, end - 4), end));
}
