/**
 * The letter of an alert. It is asked for in the transaction that puts the alert into its owner's list, sent
 * by the outbox, and marked in the transaction that ends the work: asked for once, sent until the mail server
 * has answered.
 */
import type { SavedQuery, SearchLot } from '@seam/protocol';
import type { Sql } from 'postgres';
import { type Mailer, stopToken } from '../mail/public.ts';
import type { Tx } from '../platform/db.ts';
import { type WorkHandler, enqueue } from '../platform/outbox.ts';
import { isRefusal } from '../platform/refusal.ts';
import { type MailLanguage, writeLetter } from './letter.ts';
import { lotsNow } from './lots-now.ts';
import type { Search, SearchOptions } from './search.ts';
import { stopOnceUrl, stopPageUrl } from './stop-once.ts';

export type SearchMail = {
  readonly mailer: Mailer;
  /** Signs the links that stop letters. */
  readonly secret: string;
  readonly publicUrl: string;
  readonly search: Search;
  readonly options: SearchOptions;
};

export const MAIL_TOPIC = 'search.mail';
export type AlertKey = { readonly searchId: string; readonly listingId: string; readonly version: number };

export async function askForLetter(tx: Tx, { searchId, listingId, version }: AlertKey): Promise<void> {
  await enqueue(tx, {
    effectKey: `${MAIL_TOPIC}:${searchId}:${listingId}:${version}`,
    topic: MAIL_TOPIC,
    payload: { searchId, listingId, version },
  });
}

export function mailWork(mail: SearchMail): WorkHandler {
  return {
    topic: MAIL_TOPIC,
    async run({ effectKey, payload }) {
      const key: AlertKey = {
        searchId: String(payload['searchId']),
        listingId: String(payload['listingId']),
        version: Number(payload['version']),
      };
      const reader = await readerOf(mail.options.sql, key);
      const lot = reader && (await lotFor(mail, reader, key.listingId));
      // Stopped, deleted or sold meanwhile: nobody wants this letter any more.
      if (!reader || !lot) return async (tx) => mark(tx, key, null);
      const { publicUrl, secret } = mail;
      const token = stopToken(secret, key.searchId);
      const stopUrl = stopPageUrl(publicUrl, token);
      const stopOnce = stopOnceUrl(publicUrl, token);
      const letter = writeLetter(reader.language, { lot, searchName: reader.name, publicUrl, stopUrl });
      const answer = await mail.mailer.send({
        to: reader.email,
        key: effectKey,
        stopOnceUrl: stopOnce,
        ...letter,
      });
      return async (tx) =>
        'refused' in answer ? mark(tx, key, 'refused', answer.refused) : mark(tx, key, 'sent');
    },
  };
}

type Reader = {
  email: string;
  language: MailLanguage;
  name: string;
  organisation: string;
  query: SavedQuery;
};

/** @returns undefined when the letter is not waited for. */
async function readerOf(sql: Sql, { searchId, listingId, version }: AlertKey): Promise<Reader | undefined> {
  const [row] = await sql<Reader[]>`
    select p.email, s.mail as language, s.name, s.organisation_id as organisation, s.query
      from search_alert a join saved_search s on s.id = a.saved_search_id join person p on p.id = s.person_id
     where s.id = ${searchId} and a.listing_id = ${listingId} and a.listing_version = ${version}
       and a.mail = 'waiting' and s.mail is not null and p.disabled_at is null`;
  return row;
}

async function lotFor(
  { search, options }: SearchMail,
  { query, organisation }: Reader,
  id: string,
): Promise<SearchLot | undefined> {
  const question = await search.question(query, organisation);
  if (isRefusal(question)) return undefined;
  return (await lotsNow(options, options.sql, [id], question))?.entries[0]?.lot;
}

async function mark(
  tx: Tx,
  { searchId, listingId, version }: AlertKey,
  mail: 'sent' | 'refused' | null,
  answer: string | null = null,
): Promise<void> {
  await tx`update search_alert set mail = ${mail}, mail_answer = ${answer}
    where saved_search_id = ${searchId} and listing_id = ${listingId} and listing_version = ${version}`;
}
