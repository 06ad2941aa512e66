/** The name of a file as it is kept and given back: one line, no path, nothing that fools the eye. Pure. */

const CHARACTERS_MAX = 120;
/** Control characters, and those that turn the direction of writing or take no room. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
/** What a path, a shell or a file system takes for its own. */
const RESERVED = /[<>:"|?*`$;&%#{}]/gu;

/**
 * @param extension that the content asks for, without the dot; another one is replaced.
 * @returns undefined when nothing of the name is left.
 */
export function safeName(name: string, extension: string): string | undefined {
  const last = name.normalize('NFC').split(/[/\\]/u).at(-1)!;
  const clean = last.replaceAll(HIDDEN, '').replaceAll(RESERVED, '_').replaceAll(/\s+/gu, ' ').trim();
  const stem = clean
    .replace(/\.[A-Za-z0-9]{1,8}$/u, '')
    .replace(/^[.\s]+/u, '')
    .replace(/[.\s]+$/u, '');
  if (!/[\p{L}\p{N}]/u.test(stem)) return undefined;
  const room = CHARACTERS_MAX - extension.length - 1;
  return `${[...stem].slice(0, room).join('').trimEnd()}.${extension}`;
}

/** For the header: plain letters for old readers, the name itself for all others (RFC 6266, RFC 8187). */
export function contentDisposition(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\]/gu, '_');
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/gu,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
