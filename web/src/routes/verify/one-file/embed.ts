/** Puts the exchange's root certificate into the page that opens from disk, and reads it there. */

export const ONE_FILE_NAME = 'seam-verify.html';

const SLOT = '<meta name="seam-roots" content="">';

/** @throws when the page has no place for it. @param roots DER. */
export function embedRoots(page: string, roots: readonly Uint8Array[]): string {
  const parts = page.split(SLOT);
  if (parts.length !== 2) throw new Error('the page has no single place for its roots');
  const content = roots.map((der) => btoa(String.fromCharCode(...der))).join(' ');
  return parts.join(SLOT.replace('""', `"${content}"`));
}

/** Base64 of each root that the page was given. */
export function embeddedRoots(document: Document): string[] {
  const content = document.querySelector<HTMLMetaElement>('meta[name="seam-roots"]')?.content ?? '';
  return content === '' ? [] : content.split(' ');
}

/**
 * The page itself: everything inside, and a policy that lets nothing out. `script` and `style` are the only
 * ones that may run or apply; there is no address at all that it may reach.
 *
 * @param hashes base64 of the SHA-256 of `script` and of `style`.
 */
export function onePage(
  script: string,
  style: string,
  hashes: { readonly script: string; readonly style: string },
): string {
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hashes.script}'`,
    `style-src 'sha256-${hashes.style}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  // Inside a script element only this ends it.
  if (/<\/(script|style)/i.test(script + style)) throw new Error('an end tag inside the code');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${SLOT}
<title>Seam</title>
<style>${style}</style>
</head>
<body>
<noscript>This page checks contracts with JavaScript, on this device. 本页在本设备上用 JavaScript 核验合同。</noscript>
<script>${script}</script>
</body>
</html>
`;
}
