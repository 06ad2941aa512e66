/** Set-Cookie lines as Kit's cookie jar wants them. */
export type CookieOptions = {
  path: string;
  domain?: string;
  expires?: Date;
  maxAge?: number;
  httpOnly: boolean;
  secure: boolean;
  sameSite?: 'lax' | 'strict' | 'none';
};
export type SetCookie = { name: string; value: string; options: CookieOptions };

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function parseOne(line: string): SetCookie | null {
  const [pair = '', ...attributes] = line.split(';');
  const cut = pair.indexOf('=');
  if (cut < 1) return null;
  const given = new Map(
    attributes.map((attribute): [string, string] => {
      const at = attribute.indexOf('=');
      return at < 0
        ? [attribute.trim().toLowerCase(), '']
        : [attribute.slice(0, at).trim().toLowerCase(), attribute.slice(at + 1).trim()];
    }),
  );
  const maxAge = Number(given.get('max-age') || Number.NaN);
  const expires = Date.parse(given.get('expires') ?? '');
  const sameSite = (['lax', 'strict', 'none'] as const).find(
    (word) => word === given.get('samesite')?.toLowerCase(),
  );
  const domain = given.get('domain');
  return {
    name: pair.slice(0, cut).trim(),
    value: decode(pair.slice(cut + 1).trim()),
    options: {
      path: given.get('path') ?? '/',
      httpOnly: given.has('httponly'),
      secure: given.has('secure'),
      ...(domain ? { domain } : {}),
      ...(Number.isNaN(maxAge) ? {} : { maxAge }),
      ...(Number.isNaN(expires) ? {} : { expires: new Date(expires) }),
      ...(sameSite ? { sameSite } : {}),
    },
  };
}

/** Lines that are no cookies are left out. */
export function parseSetCookies(lines: readonly string[]): SetCookie[] {
  return lines.map(parseOne).filter((cookie) => cookie !== null);
}
