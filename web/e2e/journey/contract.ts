/** Step 6: signing in the browser, and checking the file as a stranger. */
import { expect } from 'vitest';
import { contracts } from '../../src/lib/i18n/contracts.ts';
import { signTexts } from '../../src/lib/signing/texts/sign.ts';
import { verifyTexts } from '../../src/lib/signing/texts/verify.ts';
import { PASSPHRASE, PASSWORD } from './company.ts';
import { type Person, PATIENCE, field, press } from './stage.ts';

const t = contracts.en;

/** Opens the contract, waits for one's turn, and signs it with the key that this browser keeps. */
export async function sign({ page, go }: Person, contract: string, look: () => Promise<void>): Promise<void> {
  await expect
    .poll(async () => {
      await go(`/contracts/${contract}`);
      return page.locator('#sign').count();
    }, PATIENCE)
    .toBe(1);
  const open = page.locator('#sign').getByRole('button', { name: signTexts.en.open });
  await open.waitFor();
  await look();
  await open.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox').check();
  // A login of an hour ago does not sign: the person is asked again.
  await field(dialog, signTexts.en.password).fill(PASSWORD);
  await field(dialog, t.passphrase).fill(PASSPHRASE);
  await press(dialog, signTexts.en.sign);
  await page.getByText(t.signedTitle, { exact: true }).waitFor();
}

/** The page notices by itself that the centre has sealed. @returns the file that everybody has signed. */
export async function sealedFile({ page, context }: Person): Promise<Buffer> {
  await page.getByText(t.boundTitle).waitFor();
  const href = await page.getByRole('link', { name: t.openPdf }).getAttribute('href');
  const answer = await context.request.get(new URL(href!, page.url()).href);
  expect(answer.headers()['content-type']).toBe('application/pdf');
  return answer.body();
}

/** Somebody without a login drops the file on the page that checks it. */
export async function verifyAsStranger({ page, go }: Person, file: Buffer): Promise<string> {
  await go('/verify');
  const v = verifyTexts.en;
  await page
    .getByLabel(v.choose)
    .setInputFiles({ name: 'contract.pdf', mimeType: 'application/pdf', buffer: file });
  const verdict = page.getByRole('status').filter({ hasText: 'contract.pdf' });
  await verdict.waitFor();
  return (await verdict.locator('p').nth(1).textContent())!.trim();
}
