/** An account in the address of a page: its code has slashes, of which a path is made. */
export const accountHref = (code: string): string => `/staff/ledger/${code.replaceAll('/', '~')}`;
export const codeOf = (parameter: string): string => parameter.replaceAll('~', '/');
export const effectHref = (key: string): string => `/staff/ledger/effect?key=${encodeURIComponent(key)}`;
