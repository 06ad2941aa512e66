/** Names and addresses stand in contracts: what their font cannot draw is refused before anybody is certified. */
import { unprintable } from '@seam/esign';
import type { Connection } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';

const CODE = 'member.name_unprintable';

/** @param texts by the field they were typed in. @returns which cannot be printed, and for what characters. */
export async function checkPrintable(
  texts: Readonly<Record<string, string | null | undefined>>,
): Promise<Refusal | undefined> {
  const faults: [string, readonly string[]][] = [];
  for (const [field, text] of Object.entries(texts)) {
    const missing = await unprintable(text ?? '');
    if (missing.length > 0) faults.push([field, missing]);
  }
  if (faults.length === 0) return undefined;
  return refuse(CODE, {
    fields: Object.fromEntries(faults.map(([field]) => [field, CODE])),
    detail: [...new Set(faults.flatMap(([, missing]) => missing))].join(' '),
  });
}

/** The same of a company that registered before this was asked, with everybody who may sign for it. */
export async function companyPrintable(
  connection: Connection,
  company: {
    readonly id: string;
    readonly name: string;
    readonly nameZh: string | null;
    readonly address: string;
  },
): Promise<Refusal | undefined> {
  const signers = await connection<{ name: string }[]>`select name from person
    where organisation_id = ${company.id} and disabled_at is null
      and roles && array['signatory', 'legal_representative'] order by id`;
  const { name, nameZh, address } = company;
  return checkPrintable({ name, nameZh, address, people: signers.map((one) => one.name).join(' ') });
}
