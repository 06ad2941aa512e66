/** Which certificates are listed. */
export const SHOWS = ['all', 'valid', 'expires', 'revoked'] as const;
