/** Step 1 and 2: a company with its account and papers, its certification by two people, and the keys of its signatories. */
import { REQUIRED_DOCUMENTS } from '@seam/protocol';
import { expect } from 'vitest';
import { demoPaper } from '../../../server/src/members/dossier/demo-paper.ts';
import { certificates } from '../../src/lib/i18n/certificates.ts';
import { demoBank } from '../../src/lib/i18n/demo-bank.ts';
import { listings } from '../../src/lib/i18n/listings.ts';
import { memberStates } from '../../src/lib/i18n/member-states.ts';
import { members } from '../../src/lib/i18n/members.ts';
import { parties } from '../../src/lib/i18n/parties.ts';
import { requests } from '../../src/lib/i18n/requests.ts';
import { keysTexts } from '../../src/lib/signing/texts/keys.ts';
import { type Person, PATIENCE, field, fill, press } from './stage.ts';

const t = members.en;
const s = memberStates.en;
const p = parties.en;
export const PASSWORD = 'quiet-lantern-4-hills';
export const PASSPHRASE = 'eight rivers run to the sea';

export type NewCompany = {
  readonly name: string;
  readonly legalId: string;
  readonly kind: 'kindProducer' | 'kindBuyer';
  readonly accountNumber: string;
  readonly admin: { readonly name: string; readonly email: string; readonly roles: readonly Role[] };
  readonly people: readonly { readonly name: string; readonly email: string }[];
};
type Role = 'trader' | 'signatory' | 'finance' | 'dispatcher';
const BANK_CODE = '102100099996';

/** The account is opened at the bank, long before the exchange hears of it. */
export async function openAccount({ page, go }: Person, company: NewCompany): Promise<void> {
  const b = demoBank.en;
  await go('/demo/bank');
  const form = page.locator('form[action="?/open"]');
  await fill(form, {
    [b.holder]: company.name,
    [b.legalId]: company.legalId,
    [b.accountNumber]: company.accountNumber,
    [b.bankCode]: BANK_CODE,
  });
  await field(form, b.currency).selectOption('CNY');
  await press(form, b.open);
  await page.getByText(b.opened).waitFor();
}

/** Fills in the one form of the registration; the first try has a slip in the legal identity. */
export async function register(person: Person, company: NewCompany): Promise<void> {
  const { page, go } = person;
  await go('/register');
  const part = page.locator('#company');
  await fill(part, {
    [t.name]: company.name,
    [t.address]: '1 Coal Street, Taiyuan',
    [t.contactName]: company.admin.name,
    [t.contactPhone]: '+86 351 555 0101',
    [t.contactEmail]: company.admin.email,
  });
  await part.getByRole('radio', { name: t[company.kind] }).check();
  await fill(page.locator('#bank'), {
    [t.accountNumber]: company.accountNumber,
    [t.bankCode]: BANK_CODE,
    [t.bankName]: 'Seam Demo Bank',
  });
  const slip = company.legalId.slice(0, -1) + (company.legalId.endsWith('1') ? '2' : '1');
  await field(part, t.legalId).fill(slip);
  await fillPeople(person, company);
  await press(page, t.submitRegistration);
  // The exchange has refused it: the page is still here and says so, and where.
  await page.getByRole('main').getByRole('alert').first().waitFor();
  expect(await field(part, t.legalId).getAttribute('aria-invalid')).toBe('true');
  expect(await field(part, t.name).inputValue()).toBe(company.name);
  expect(new URL(page.url()).pathname).toBe('/register');

  await field(part, t.legalId).fill(company.legalId);
  await fillPeople(person, company);
  await press(page, t.submitRegistration);
  await page.waitForURL('**/company/papers?done=registered');
  await handInPapers(person, company);
}

/** Owners and documents; the exchange takes no draft without them. */
async function handInPapers({ page }: Person, { admin, name }: NewCompany): Promise<void> {
  await press(page, p.submitNow);
  await page.getByRole('form', { name: p.submitTitle }).getByRole('alert').waitFor();
  const owners = page.getByRole('form', { name: p.ownersTitle });
  await fill(owners, { [p.representative]: admin.name, [p.identityNumber]: `ID ${name}` });
  const first = owners.getByRole('group', { name: p.owner.replace('{n}', '1') });
  await fill(first, { [p.ownerName]: admin.name, [p.share]: '100' });
  await press(owners, p.save);
  await page.getByText(p.declared, { exact: true }).waitFor();
  for (const kind of REQUIRED_DOCUMENTS) {
    const form = page.getByRole('form', { name: p.addDocument });
    await field(form, p.kind).selectOption(kind);
    await fill(form, { [p.number]: `${kind}-1`, [p.issuedOn]: '2024-01-01', [p.expiresOn]: '2030-12-31' });
    const file = {
      name: `${kind}.pdf`,
      mimeType: 'application/pdf',
      buffer: demoPaper(`${kind} of ${name}`),
    };
    await field(form, p.file).setInputFiles(file);
    await press(form, p.upload);
    await page.getByRole('row', { name: p[`dk_${kind}`] }).waitFor();
  }
  await press(page, p.submitNow);
  await page.waitForURL('**/company?registered');
}

/** Passwords never come back after a refusal: they are typed again. */
async function fillPeople({ page }: Person, { admin, people }: NewCompany): Promise<void> {
  const section = page.locator('#people');
  await section.locator('[name="admin.name"]').fill(admin.name);
  await section.locator('[name="admin.email"]').fill(admin.email);
  await section.locator('[name="admin.password"]').fill(PASSWORD);
  for (const role of admin.roles) await section.locator(`[name="admin.roles.${role}"]`).check();
  for (const [row, one] of people.entries()) {
    const group = section.getByRole('group', { name: t.personNumber.replace('{n}', String(row + 1)) });
    await fill(group, { [t.personName]: one.name, [t.email]: one.email, [t.password]: PASSWORD });
  }
}

/** One person of the centre looks at every paper and proposes; another one approves. */
export async function certify(first: Person, second: Person, company: NewCompany): Promise<void> {
  const { page, go } = first;
  await go('/staff/certification');
  await page.getByRole('link', { name: company.name }).click();
  await page.getByRole('heading', { name: company.name }).waitFor();
  for (const kind of REQUIRED_DOCUMENTS) {
    const form = page.getByRole('form', { name: `${p.accept}: ${p[`dk_${kind}`]}` });
    await press(form, p.accept);
    await form.waitFor({ state: 'detached' });
  }
  await page.getByRole('radio', { name: s.decide_certify }).check();
  await field(page, t.decisionReason).fill('Compared with the register: all facts agree.');
  await press(page, t.decideNow);
  await page.getByText(p.proposed).waitFor();
  expect(await page.getByRole('button', { name: p.approve, exact: true }).count()).toBe(0);

  await second.go(new URL(page.url()).pathname);
  const answer = second.page.getByRole('form', { name: `${p.approve}: ${p.pk_certify}` });
  await field(answer, p.answerReason).fill('The licence agrees with the register.');
  await press(answer, p.approve);
  await second.page.getByText(p.answered).waitFor();
}

/** What the pages that offer and ask for coal say to whoever may not. */
export async function mayTrade({ page, go }: Person, { kind }: NewCompany): Promise<boolean> {
  const sells = kind === 'kindProducer';
  await go(sells ? '/lots/new' : '/requests/new');
  return (await page.getByText(sells ? listings.en.mustSell : requests.en.mustBuy).count()) === 0;
}

/** The bank confirms the account by itself; the company sees it on its page. */
export async function untilActive({ page, go }: Person): Promise<void> {
  await expect
    .poll(async () => {
      await go('/company');
      return page.getByText(s.now_active).count();
    }, PATIENCE)
    .toBeGreaterThan(0);
}

export async function makeKey({ page, go }: Person, device: string): Promise<void> {
  const k = keysTexts.en;
  await go('/company/keys');
  await fill(page.getByRole('main'), {
    [k.device]: device,
    [k.passphrase]: PASSPHRASE,
    [k.repeat]: PASSPHRASE,
  });
  await press(page, k.makeButton);
  await page.getByText(k.madeDone).waitFor();
}

/** One person of the centre approves and sees that it may not issue; another issues. */
export async function issueCertificate(first: Person, second: Person, name: string): Promise<void> {
  const c = certificates.en;
  const stand = async ({ page }: Person, what: 'approve' | 'issue'): Promise<void> => {
    const form = page.getByRole('form', { name: `${c[what]}: ${name}` });
    await form.getByRole('checkbox').check();
    await press(form, c[what]);
  };
  await first.go('/staff/certificates');
  await stand(first, 'approve');
  await first.page.getByText(c.approvedDone.replace('{name}', name)).waitFor();
  expect(await first.page.getByRole('form', { name: `${c.issue}: ${name}` }).count()).toBe(0);
  await second.go('/staff/certificates');
  await stand(second, 'issue');
  await second.page.getByText(c.issuedDone.replace('{name}', name)).waitFor();
}
