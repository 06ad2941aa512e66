/** The signing code, fetched when it is first needed: pages that only show contracts do not carry it. */
export type Esign = typeof import('@seam/esign/browser');

export async function esign(): Promise<Esign> {
  return import('./code.ts');
}

/** SHA-256 of the signing code that this page runs, lower-case hex; undefined where it cannot be read again. */
export async function codeSha256(): Promise<string | undefined> {
  try {
    const code = await import('./code.ts');
    const response = await fetch(code.codeUrl, { cache: 'force-cache' });
    if (!response.ok) return undefined;
    return code.toHex(await code.sha256(new Uint8Array(await response.arrayBuffer())));
  } catch {
    return undefined;
  }
}
