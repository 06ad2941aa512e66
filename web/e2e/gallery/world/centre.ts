/** What waits for the centre: companies to certify, a signatory's key, money nobody knows. */
import { createKey, toBase64 } from '@seam/esign';
import {
  type RegistrationInput,
  REQUIRED_DOCUMENTS,
  certificateRoutes,
  demoRoutes,
  memberRoutes,
  partyRoutes,
} from '@seam/protocol';
import { usccCheckCharacter } from '@seam/units';
import { demoCompanies } from '../../../../server/src/demo/companies.ts';
import { demoPaper } from '../../../../server/src/members/dossier/demo-paper.ts';
import { logIn, visitor } from '../../../../server/test/trade/party.ts';
import { LOGINS, type People, day } from './people.ts';

export type Centre = { readonly applicant: string; readonly serial: string };

const PASSWORD = 'quiet-lantern-4-hills';

export async function queue(url: string, people: People): Promise<Centre> {
  const [applicant] = await Promise.all([apply(url), askForKey(people), payBlindly(people)]);
  const { items } = await people.staff.must(certificateRoutes.staffCertificates, { query: {} });
  return { applicant, serial: items[0]!.serial };
}

/** A company that has handed in all its papers. @returns its id. */
async function apply(url: string): Promise<string> {
  const body = application();
  const { organisationId } = await visitor(url).must(memberRoutes.register, { body });
  const admin = await logIn(url, body.admin.email, PASSWORD);
  await admin.must(partyRoutes.declareOwners, {
    body: {
      representative: { name: '高山 Gao Shan', identityNumber: '140102198001011234' },
      owners: [{ name: '高山 Gao Shan', country: 'CN', shareBasisPoints: 10_000 }],
      related: [],
    },
  });
  for (const kind of REQUIRED_DOCUMENTS)
    await admin.must(partyRoutes.addPartyDocument, {
      body: {
        kind,
        number: `${kind}-1`,
        issuedOn: '2024-01-01',
        expiresOn: '2030-12-31',
        fileName: `${kind}.pdf`,
        file: demoPaper(`${kind} of ${body.organisation.name}`).toString('base64'),
      },
    });
  await admin.must(partyRoutes.submitCompany, { body: {} });
  return organisationId;
}

function application(): RegistrationInput {
  const legalId = '91140100MA0JQ4K7B';
  const name = 'Blue Terrace Coal Co., Ltd.';
  return {
    organisation: {
      name,
      nameZh: '蓝台煤业有限公司',
      kind: 'producer',
      sells: true,
      buys: false,
      legalId: legalId + usccCheckCharacter(legalId),
      country: 'CN',
      address: '1 Coal Street, Taiyuan',
      contact: { name: 'Gao Shan', email: 'gao@blue.example', phone: '+86 351 555 0101' },
    },
    bankAccount: {
      holderName: name,
      accountNumber: '6222700000000101',
      bankCode: '102100099996',
      bankName: 'Seam Demo Bank',
      currency: 'CNY',
    },
    admin: { name: 'Gao Shan', email: 'gao@blue.example', password: PASSWORD },
    draft: true,
  };
}

/** The rival's signatory has made a key; nobody stands behind it yet. */
async function askForKey({ rival }: People): Promise<void> {
  const made = await createKey({
    passphrase: 'eight rivers run to the sea',
    claimedSubject: { country: 'CN', organization: 'Pearl Delta', commonName: 'Zhang Min' },
  });
  if (!made.ok) throw new Error(made.code);
  const body = { csr: toBase64(made.csr), deviceLabel: '办公室 Office' };
  await rival.must(certificateRoutes.requestCertificate, { body });
}

/** A payment whose reference says nothing: it waits in suspense. */
async function payBlindly({ rival }: People): Promise<void> {
  const company = demoCompanies().find(({ login }) => login.email === LOGINS.rival.email)!;
  await rival.must(demoRoutes.payFromDemoBank, {
    body: {
      fromAccount: company.registration.bankAccount.accountNumber,
      amount: '12345.67',
      reference: `coal ${day(0)}`,
      toCurrency: 'CNY',
    },
  });
}
