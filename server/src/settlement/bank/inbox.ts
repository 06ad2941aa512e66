/**
 * The inbox: what the bank sends is first kept as it came, then processed in one transaction with its
 * effects. The same event twice has one effect; the same event with another body is an alarm.
 */
import { createHash } from 'node:crypto';
import type { Connection } from '../../platform/db.ts';
import { openCase } from './cases.ts';
import { type BankDeps, type BankStep, stepOf } from './deps.ts';
import { STATEMENT_BYTES_MAX } from './iso20022/limits.ts';
import { readPain002 } from './iso20022/pain002.ts';
import { BadMessage, readDocument } from './iso20022/xml.ts';
import { bookLine } from './lines.ts';
import { applyReportedStatus } from './payments.ts';
import { isMt, readBankReport } from './report.ts';
import { lockOwnAccount, takeStatement } from './statements.ts';

export type BankMessage = {
  /** Who says it: one bank, one word. */
  readonly source: string;
  readonly eventId: string;
  readonly raw: Uint8Array;
  readonly gotAt: Date;
};
type MessageKind = 'camt' | 'mt' | 'pain002' | 'certification';

export type Received =
  | { readonly ok: true; readonly outcome: 'stored' | 'duplicate' }
  | {
      readonly ok: false;
      readonly code: 'bank.event_conflict' | 'bank.message_invalid' | 'bank.message_too_large';
      readonly detail: string;
    };

/** Keeps a verified message. Nothing unreadable is kept: it could never be processed. */
export async function receiveBankMessage(sql: Connection, message: BankMessage): Promise<Received> {
  let kind: MessageKind;
  try {
    kind = kindOf(message.raw);
  } catch (error) {
    if (!(error instanceof BadMessage)) throw error;
    const code = error.reason === 'too_large' ? 'bank.message_too_large' : 'bank.message_invalid';
    return { ok: false, code, detail: error.message };
  }
  const sha = createHash('sha256').update(message.raw).digest();
  const at = message.gotAt.toISOString();
  const { count } = await sql`
    insert into bank_message (source, event_id, kind, body_sha256, raw, got_at, next_attempt_at)
    values (${message.source}, ${message.eventId}, ${kind}, ${sha}, ${Buffer.from(message.raw)},
            ${at}::text::timestamptz, ${at}::text::timestamptz)
    on conflict (source, event_id) do nothing`;
  if (count === 1) return { ok: true, outcome: 'stored' };
  const [known] = await sql<{ body_sha256: Buffer }[]>`select body_sha256 from bank_message
    where source = ${message.source} and event_id = ${message.eventId}`;
  if (known?.body_sha256.equals(sha)) return { ok: true, outcome: 'duplicate' };
  return {
    ok: false,
    code: 'bank.event_conflict',
    detail: `event ${message.eventId} came before with another body`,
  };
}

/** Reads the whole message once, so that what is kept can be processed. @throws BadMessage */
function kindOf(raw: Uint8Array): MessageKind {
  if (isMt(raw)) {
    readBankReport(raw);
    return 'mt';
  }
  if (raw[0] === 0x7b) {
    readCertification(raw);
    return 'certification';
  }
  const { message } = readDocument(raw, STATEMENT_BYTES_MAX);
  if (message.startsWith('pain.002.')) {
    readPain002(raw);
    return 'pain002';
  }
  readBankReport(raw);
  return 'camt';
}

type Certification = {
  readonly requestId: string;
  readonly matched: boolean;
  readonly differences: readonly string[];
};
const CERTIFICATION_BYTES_MAX = 4096;

/** @throws BadMessage */
function readCertification(raw: Uint8Array): Certification {
  if (raw.length > CERTIFICATION_BYTES_MAX) throw new BadMessage('too_large', `${raw.length} bytes`);
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw)) as Record<string, unknown>;
  } catch {
    throw new BadMessage('not_well_formed', 'not JSON');
  }
  const { type, requestId, result, differences } = value;
  if (type !== 'certification.completed') throw new BadMessage('message_unknown', String(type).slice(0, 40));
  const words =
    Array.isArray(differences) &&
    differences.every((word) => typeof word === 'string' && /^\w{1,40}$/.test(word));
  if (typeof requestId !== 'string' || !/^[\w-]{1,64}$/.test(requestId) || !words) {
    throw new BadMessage('field_invalid', 'requestId or differences');
  }
  if (result !== 'matched' && result !== 'mismatched') throw new BadMessage('field_invalid', 'result');
  return { requestId, matched: result === 'matched', differences: differences as string[] };
}

/** Tries of a message before a person is asked: about 17 minutes of doubling waits. */
export const MESSAGE_ATTEMPTS_MAX = 10;

/**
 * Processes what is due, oldest first. Several processes may do so at once.
 * @returns how many messages took effect and how many will be tried again.
 */
export async function processInbox(deps: BankDeps, limit = 100): Promise<{ done: number; failed: number }> {
  let [done, failed] = [0, 0];
  for (let n = 0; n < limit; n += 1) {
    const outcome = await processNext(deps);
    if (outcome === 'idle') break;
    if (outcome === 'done') done += 1;
    else failed += 1;
  }
  return { done, failed };
}

type MessageRow = { source: string; event_id: string; kind: MessageKind; raw: Buffer; attempts: number };

async function processNext(deps: BankDeps): Promise<'idle' | 'done' | 'failed'> {
  let taken: MessageRow | undefined;
  try {
    return await deps.sql.begin(async (tx) => {
      const step = stepOf(deps, tx);
      const now = step.now.toISOString();
      [taken] = await tx<MessageRow[]>`
        select source, event_id, kind, raw, attempts from bank_message
         where done_at is null and parked_at is null and next_attempt_at <= ${now}::text::timestamptz
         order by next_attempt_at, got_at, event_id limit 1 for update skip locked`;
      if (!taken) return 'idle';
      await apply(step, taken);
      await tx`update bank_message set done_at = ${now}::text::timestamptz, last_error = null
        where source = ${taken.source} and event_id = ${taken.event_id}`;
      return 'done';
    });
  } catch (error) {
    if (!taken) throw error;
    await putBack(deps, taken, error);
    return 'failed';
  }
}

async function apply(step: BankStep, message: MessageRow): Promise<void> {
  const origin = { source: message.source, eventId: message.event_id };
  if (message.kind === 'certification') {
    await step.tell({ type: 'account_certified', ...readCertification(message.raw) });
    return;
  }
  if (message.kind === 'pain002') {
    for (const status of readPain002(message.raw).statuses) await applyReportedStatus(step, status);
    return;
  }
  const { kind, reports } = readBankReport(message.raw);
  // In the order of their numbers, so that two messages about the same accounts cannot deadlock.
  for (const report of reports.toSorted((a, b) => (a.account < b.account ? -1 : 1))) {
    const account = await lockOwnAccount(step, report.account);
    if (!account) {
      await openCase(step, 'account_unknown', `${origin.source}.${origin.eventId}`, {
        code: 'account_not_ours',
        account: report.account,
      });
    } else if (kind === 'statement') {
      await takeStatement(step, account, report, origin);
    } else {
      for (const line of report.lines)
        await bookLine(step, account, line, { ...origin, statementSequence: null });
    }
  }
}

/** The transaction is undone; the message waits longer each time, and in the end for a person. */
async function putBack(deps: BankDeps, message: MessageRow, error: unknown): Promise<void> {
  const text = error instanceof Error ? error.message : String(error);
  deps.log.error({ err: error, eventId: message.event_id }, 'a bank message could not be processed');
  await deps.sql.begin(async (tx) => {
    const step = stepOf(deps, tx);
    const attempts = message.attempts + 1;
    const parked = attempts >= MESSAGE_ATTEMPTS_MAX;
    const next = new Date(step.now.getTime() + 1000 * 2 ** attempts).toISOString();
    await tx`update bank_message set attempts = ${attempts}, last_error = ${text.slice(0, 500)},
        next_attempt_at = ${next}::text::timestamptz,
        parked_at = ${parked ? step.now.toISOString() : null}::text::timestamptz
      where source = ${message.source} and event_id = ${message.event_id} and done_at is null`;
    if (parked)
      await openCase(step, 'message_parked', `${message.source}.${message.event_id}`, {
        code: 'error',
        text,
      });
  });
}
