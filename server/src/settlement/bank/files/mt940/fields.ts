/**
 * The fields of MT940 and MT942 as banks really send them: with or without SWIFT blocks, several messages in
 * a file, lines wrapped in the middle of a word, text whose lines look like fields.
 */

export type Field = { readonly tag: string; readonly value: string; readonly line: number };

/** Others do not exist in these messages: ":26:37" at the start of a line is the rest of a time. */
const TAG = /^:(13D?|20|21|25P?|28C?|34F|60[FM]|61|62[FM]|64|65|86|90[CD]|NS):(.*)$/;
/** What ends a message, and what SWIFT puts around it. */
const FRAME = /^(-\}?|\{\d:.*|.*\{4:)$/;

/** @returns the fields of each message, in the order of the file; text before the first field is left out. */
export function messagesOf(text: string): Field[][] {
  const messages: Field[][] = [];
  let open: { tag: string; lines: string[]; line: number }[] = [];
  const end = (): void => {
    if (open.length > 0)
      messages.push(open.map(({ tag, lines, line }) => ({ tag, line, value: lines.join('\n').trimEnd() })));
    open = [];
  };
  // A line that ends within the mark of the next field: ":", then "86:…".
  const whole = text.replaceAll(/(^|\n):\r?\n(?=\d{2}[A-Z]?:)/g, '$1\n:');
  for (const [index, raw] of whole.split(/\r\n|\r|\n/).entries()) {
    // Controls that transfer programs leave; SWIFT has none.
    // oxlint-disable-next-line no-control-regex -- control characters are what is searched for
    const line = raw.replaceAll(/[\u0000-\u0008\u000B-\u001F]/g, '');
    const field = TAG.exec(line.replace(/^.*\{4:(?=:)/, ''));
    if (field) {
      if (startsAnother(field[1]!, open)) end();
      open.push({ tag: field[1]!, lines: [field[2]!], line: index + 1 });
    } else if (FRAME.test(line)) end();
    else open.at(-1)?.lines.push(line);
  }
  end();
  return messages;
}

/** A message begins with its reference; where that is missing, with the account after a closing balance. */
function startsAnother(tag: string, open: readonly { tag: string }[]): boolean {
  if (tag === '20') return open.length > 0;
  const closed = open.some((field) => field.tag.startsWith('62'));
  return closed && (tag.startsWith('25') || tag.startsWith('28') || tag.startsWith('60'));
}
