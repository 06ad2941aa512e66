/** Who is logged in, as `GET /v1/session` tells it. */
export type Session = {
  person: { id: string; name: string; roles: readonly string[] };
  /** Staff of the centre may belong to no trading company. */
  organisation: { id: string; name: string; status: string } | null;
  staff: boolean;
};

export function hasRole(session: Session | null, ...roles: readonly string[]): boolean {
  return session !== null && session.person.roles.some((role) => roles.includes(role));
}
