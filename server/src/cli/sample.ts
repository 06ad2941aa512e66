/**
 * `seam sample contract --out DIR`: a complete contract of a fresh authority and three fresh parties, signed to
 * B-LTA, with its root and evidence package, so that any outside tool can be pointed at it. No database.
 */
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  type CertificateRole,
  type Issuer,
  type KeySize,
  type SignatureField,
  createCrl,
  createOcspResponse,
  createRoot,
  createTimestampToken,
  generatePrivateKey,
  issueCertificate,
  issueIssuingCa,
  ocspCertId,
  readCertificate,
  signedAttributes,
  signerFromPkcs8,
} from '@seam/esign';
import { sampleTerms } from '../contracts/evidence/sample-terms.ts';
import type { Evidence, PackagedSignature } from '../contracts/evidence/evidence.ts';
import { packageOf } from '../contracts/evidence/package.ts';
import { CENTRE } from '../contracts/pki/make-authorities.ts';
import { TIMESTAMP_POLICY } from '../contracts/pki/timestamps.ts';
import { jobs } from '../contracts/press/jobs.ts';

const DAY_MS = 24 * 3600_000;
const FIELDS: readonly SignatureField[] = ['sig_seller', 'sig_buyer', 'sig_centre'];

export async function sample(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { out: { type: 'string' } },
  });
  if (positionals[0] !== 'contract' || !values.out) {
    process.stderr.write('usage: seam sample contract --out DIR\n');
    return 2;
  }
  const made = await sampleContract(Date.now());
  fs.mkdirSync(values.out, { recursive: true });
  for (const [name, bytes] of Object.entries(made)) fs.writeFileSync(path.join(values.out, name), bytes);
  process.stdout.write(`${Object.keys(made).join(', ')} written to ${values.out}\n`);
  return 0;
}

type Authority = { root: Issuer; issuing: Issuer; tsa: Issuer; ocsp: Issuer; now: number };

const validity = (now: number) => ({
  serial: new Uint8Array(randomBytes(16)),
  notBefore: now - DAY_MS,
  notAfter: now + 365 * DAY_MS,
});
const newSigner = async (size: KeySize) => signerFromPkcs8(await generatePrivateKey(size));

async function newAuthority(now: number): Promise<Authority> {
  const name = (commonName: string) => ({ country: 'CN', organization: CENTRE.organization, commonName });
  const [rootKey, issuingKey] = [await newSigner('rsa-4096'), await newSigner('rsa-3072')];
  const root = await createRoot({ signer: rootKey, subject: name('Sample Root CA'), ...validity(now) });
  const issuing = {
    certificate: await issueIssuingCa({
      issuer: { certificate: root, signer: rootKey },
      subject: name('Sample Issuing CA'),
      spki: issuingKey.spki,
      ...validity(now),
    }),
    signer: issuingKey,
  };
  return {
    root: { certificate: root, signer: rootKey },
    issuing,
    tsa: await certified(issuing, CENTRE, 'tsa', now),
    ocsp: await certified(issuing, CENTRE, 'ocsp', now),
    now,
  };
}

async function certified(
  issuer: Issuer,
  subject: Parameters<typeof issueCertificate>[0]['subject'],
  role: CertificateRole,
  now: number,
): Promise<Issuer> {
  const signer = await newSigner('p-256');
  const certificate = await issueCertificate({ issuer, subject, spki: signer.spki, role, ...validity(now) });
  return { signer, certificate };
}

async function stamp({ tsa, issuing, now }: Authority, of: Uint8Array): Promise<Uint8Array> {
  return createTimestampToken({
    authority: tsa,
    chain: [issuing.certificate],
    imprint: of,
    time: now,
    serial: new Uint8Array(randomBytes(16)),
    policy: TIMESTAMP_POLICY,
  });
}

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

/** @param at milliseconds since 1970. @returns the files by name. */
export async function sampleContract(at: number): Promise<Record<string, Uint8Array>> {
  const now = Math.floor(at / 1000) * 1000;
  const authority = await newAuthority(now);
  const terms = sampleTerms(new Date(now));
  const signers = {
    sig_seller: await certified(authority.issuing, terms.subjects.seller, 'party', now),
    sig_buyer: await certified(authority.issuing, terms.subjects.buyer, 'party', now),
    sig_centre: await certified(authority.issuing, CENTRE, 'centre', now),
  };
  const issued = await jobs.render([terms.terms, 'https://seam.example']);
  const revisions: { n: number; kind: string; file: Uint8Array }[] = [
    { n: 0, kind: 'issued', file: issued.bytes },
  ];
  const signatures: PackagedSignature[] = [];
  for (const field of FIELDS) {
    const made = await signAs(authority, field, signers[field], revisions.at(-1)!.file);
    revisions.push({ n: revisions.length, kind: field, file: made.file });
    signatures.push({ ...made.signature, revision: revisions.length - 1 });
  }
  const evidence = await archive(authority, { revisions, signatures });
  const files = packageOf({
    ...evidence,
    number: terms.terms.number,
    contractId: terms.terms.contractId,
    terms: issued.termsJson,
    log: [],
    origin: { kind: 'sample', id: 'sample', journal: null },
  });
  return {
    'contract.pdf': evidence.revisions.at(-1)!.file,
    'root.cer': authority.root.certificate,
    'evidence.zip': await jobs.zip({ files }),
  };
}

const ROLES = { sig_seller: '卖方 Seller', sig_buyer: '买方 Buyer', sig_centre: '交易中心 Trading centre' };

async function signAs(authority: Authority, field: SignatureField, signer: Issuer, base: Uint8Array) {
  const { commonName, organization } = readCertificate(signer.certificate);
  const prepared = await jobs.prepare({
    bytes: base,
    field,
    appearance: { role: ROLES[field], name: commonName, organization: organization ?? commonName },
    reason: '签署合同 / signs the contract',
    time: authority.now,
  });
  if (!prepared.ok) throw new Error(`${prepared.code}: ${prepared.detail}`);
  const value = await signer.signer.sign(await signedAttributes(prepared.digest, signer.certificate));
  const token = await stamp(authority, sha256(value));
  const completed = await jobs.complete({
    prepared: prepared.bytes,
    certificate: signer.certificate,
    chain: [authority.issuing.certificate],
    signature: value,
    token,
    demand: {
      roots: [authority.root.certificate],
      at: authority.now,
      require: FIELDS.slice(0, FIELDS.indexOf(field) + 1),
      requireLevel: 'B-T',
    },
  });
  if (!completed.ok) throw new Error(`${completed.code}: ${completed.detail}`);
  const when = new Date(authority.now);
  const signature = {
    field,
    cms: completed.cms,
    value,
    token,
    stampedAt: when,
    handedInAt: when,
    certificate: signer.certificate,
    certificateSerial: readCertificate(signer.certificate).serialHex,
    session: null,
  };
  return { file: completed.bytes, signature };
}

type Archived = Omit<Evidence, 'number' | 'contractId' | 'terms' | 'log' | 'origin'>;

async function archive(
  authority: Authority,
  { revisions, signatures }: Pick<Evidence, 'revisions' | 'signatures'>,
): Promise<Archived> {
  const { root, issuing, ocsp, tsa, now } = authority;
  const times = { thisUpdate: now, nextUpdate: now + 7 * DAY_MS };
  const crls = [
    await createCrl({ issuer: root, number: 1, revoked: [], ...times }),
    await createCrl({ issuer: issuing, number: 1, revoked: [], ...times }),
  ];
  const ocspResponses: Uint8Array[] = [];
  for (const certificate of [...signatures.map((one) => one.certificate), tsa.certificate]) {
    const certId = await ocspCertId(certificate, issuing.certificate);
    const answers = [{ certId, status: 'good' as const }];
    const answered = { responder: ocsp, issuer: issuing.certificate, answers, producedAt: now, ...times };
    ocspResponses.push(await createOcspResponse(answered));
  }
  const certificates = [...signatures.map((one) => one.certificate), issuing.certificate];
  const stored = await jobs.dss({
    file: revisions.at(-1)!.file,
    content: { certificates, ocspResponses, crls },
  });
  const token = await stamp(authority, await jobs.imprint({ file: stored }));
  const stamped = await jobs.stamp({
    file: stored,
    token,
    demand: {
      roots: [root.certificate],
      at: now,
      require: FIELDS,
      requireRevocation: true,
      requireLevel: 'B-LTA',
    },
  });
  if (!stamped.report.valid) throw new Error(`the sample is not valid: ${JSON.stringify(stamped.report)}`);
  const n = revisions.length;
  return {
    revisions: [
      ...revisions,
      { n, kind: 'dss', file: stored },
      { n: n + 1, kind: 'document_timestamp', file: stamped.bytes },
    ],
    signatures,
    documentToken: token,
    archivedAt: new Date(now),
    report: stamped.report,
    root: root.certificate,
    chain: [issuing.certificate],
    crls,
    ocspResponses,
  };
}
