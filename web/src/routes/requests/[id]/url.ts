/** The address of something of the request this page is about. */
export function urlOf(params: Partial<Record<string, string>>, rest: string): `/v1/${string}` {
  return `/v1/requests/${encodeURIComponent(params['id'] ?? '')}/${rest}`;
}
