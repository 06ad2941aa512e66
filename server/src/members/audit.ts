/** What people with power did, and why: into the trail that nobody can change. */
import type { Tx } from '../platform/db.ts';

export async function audit(
  tx: Tx,
  entry: {
    readonly personId: string;
    readonly action: string;
    readonly subject: string;
    readonly detail: Readonly<Record<string, string | boolean | readonly string[]>>;
  },
): Promise<void> {
  const { personId, action, subject, detail } = entry;
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${personId}, ${action}, ${subject}, ${tx.json(detail)})`;
}
