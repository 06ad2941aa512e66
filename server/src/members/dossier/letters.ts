/**
 * The letter of a notice: in both languages, for nobody has said which one this person reads. It goes once the
 * notice is committed, again while the mail server cannot be reached, and not at all once the notice was read.
 */
import type { NoticeView } from '@seam/protocol';
import type { Sql } from 'postgres';
import type { Mailer } from '../../mail/public.ts';
import type { Tx } from '../../platform/db.ts';
import type { WorkHandler } from '../../platform/outbox.ts';
import { NOTICE_LETTER } from './notices.ts';

export type LetterDeps = {
  readonly sql: Sql;
  /** Undefined: this exchange sends no mail. */
  readonly mailer?: Mailer | undefined;
  readonly publicUrl: string;
};

type Waiting = {
  readonly email: string;
  readonly kind: NoticeView['kind'];
  readonly subject: string;
  readonly day: string | null;
  readonly link: string | null;
};

export function letterWork({ sql, mailer, publicUrl }: LetterDeps): WorkHandler {
  return {
    topic: NOTICE_LETTER,
    async run({ effectKey, payload }) {
      const id = String(payload['noticeId']);
      const notice = mailer && (await waiting(sql, id));
      if (!notice) return async (tx) => mark(tx, id, null);
      const answer = await mailer.send({
        to: notice.email,
        key: effectKey,
        ...writeLetter(notice, publicUrl),
      });
      return async (tx) =>
        'refused' in answer ? mark(tx, id, 'refused', answer.refused) : mark(tx, id, 'sent');
    },
  };
}

async function waiting(sql: Sql, id: string): Promise<Waiting | undefined> {
  const [row] = await sql<Waiting[]>`
    select p.email, n.kind, n.detail->>'subject' as subject, n.detail->>'day' as day, n.detail->>'link' as link
      from person_notice n join person p on p.id = n.person_id
     where n.id = ${id} and n.mail = 'waiting' and n.seen_at is null and p.disabled_at is null`;
  return row;
}

async function mark(
  tx: Tx,
  id: string,
  mail: 'sent' | 'refused' | null,
  answer: string | null = null,
): Promise<void> {
  // Done again, what became of the letter stays.
  await tx`update person_notice set mail = ${mail}, mail_answer = ${answer} where id = ${id} and mail = 'waiting'`;
}

type Words = { readonly zh: string; readonly en: string };

const PAPERS: Readonly<Record<string, Words>> = {
  business_licence: { zh: '营业执照', en: 'Business licence' },
  representative_id: { zh: '法定代表人身份证件', en: 'Identity paper of the representative' },
  tax_registration: { zh: '税务登记', en: 'Tax registration' },
  mining_licence: { zh: '采矿许可证', en: 'Mining licence' },
  safety_licence: { zh: '安全生产许可证', en: 'Safety licence' },
  bank_letter: { zh: '银行证明', en: 'Bank letter' },
  authorisation: { zh: '授权书', en: 'Authorisation' },
  other: { zh: '其他文件', en: 'Other document' },
};

const SAYS: Readonly<Record<NoticeView['kind'], (subject: Words, day: string) => Words>> = {
  address_used: (subject) => ({
    zh: `有人以您的邮箱注册了“${subject.zh}”。如非本人操作，请告知交易中心。`,
    en: `Somebody registered “${subject.en}” with your address. If it was not you, tell the centre.`,
  }),
  document_expires: (subject, day) => ({
    zh: `${subject.zh}有效期至 ${day}，请在此之前上传新件。`,
    en: `${subject.en} is valid until ${day}. Hand in a new one before then.`,
  }),
  document_expired: (subject, day) => ({
    zh: `${subject.zh}已于 ${day} 到期，企业在重新认证前不能交易。`,
    en: `${subject.en} ran out on ${day}. The company may not trade until it is certified anew.`,
  }),
  certification_waits: (subject) => ({
    zh: `“${subject.zh}”已提交认证，等待审核。`,
    en: `“${subject.en}” has submitted its papers and waits to be certified.`,
  }),
  document_waits: (subject) => ({
    zh: `“${subject.zh}”上传了新文件，等待审核。`,
    en: `“${subject.en}” handed in a document that waits to be looked at.`,
  }),
  proposal_waits: (subject) => ({
    zh: `关于“${subject.zh}”的提议等待第二人批准。`,
    en: `A proposal about “${subject.en}” waits for a second person.`,
  }),
  security_notice: (subject, day) => ({
    zh: `合同 ${subject.zh} 已发出违约通知，补救期至 ${day}；逾期未补救，保证金可能被罚没。`,
    en: `Notice of default was given for contract ${subject.en}. It can be cured until ${day}; after that the security may be forfeited.`,
  }),
  cure_ends: (subject, day) => ({
    zh: `合同 ${subject.zh} 的补救期将于 ${day} 结束。`,
    en: `The period to cure the default of contract ${subject.en} ends on ${day}.`,
  }),
  top_up_required: (subject) => ({
    zh: `银行已退回贵司的一笔入金，尚欠交易中心 ${subject.zh}，补足前不能出价。`,
    en: `Your bank took a deposit back: ${subject.en} is owed to the exchange, and no bid is taken until it is paid.`,
  }),
  security_returned: (subject) => ({
    zh: `合同 ${subject.zh} 的保证金已退回可用资金。`,
    en: `The security of contract ${subject.en} is free money again.`,
  }),
  request_invites: (subject, day) => ({
    zh: `“${subject.zh}”邀请贵司报价${day === '' ? '' : `，截止 ${day}`}。`,
    en: `“${subject.en}” asks your company to answer its request${day === '' ? '' : ` until ${day}`}.`,
  }),
};

export function writeLetter(
  { kind, subject, day, link }: Omit<Waiting, 'email'>,
  publicUrl: string,
): { subject: string; text: string; html: string } {
  const said = SAYS[kind](PAPERS[subject] ?? { zh: subject, en: subject }, day ?? '');
  const url = `${publicUrl}${link === null || link === '' ? '/company' : link}`;
  const end: Words = { zh: '此地址不接收回复。', en: 'Nobody reads answers to this address.' };
  const text = `${said.zh}\n${said.en}\n\n${url}\n\n${end.zh}\n${end.en}\n`;
  const html = [said.zh, said.en]
    .map((line) => `<p>${escaped(line)}</p>`)
    .concat(`<p><a href="${escaped(url)}">${escaped(url)}</a></p>`, `<p>${end.zh}<br>${end.en}</p>`)
    .join('\n');
  return { subject: said.zh.length > 120 ? said.zh.slice(0, 120) : said.zh, text, html };
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
