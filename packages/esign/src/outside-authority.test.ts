/** Another house's timestamp authority: openssl stamps, and its tokens are as good as ours. */
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTimestampResponse, createTimestampQuery } from './ca/timestamp-query.ts';
import { loadFont } from './node/load-font.ts';
import { addDocumentTimestamp } from './pdf/document-timestamp.ts';
import { addDss } from './pdf/dss.ts';
import type { FontSet } from './render/font.ts';
import { cmsOf, signWith } from './testing/by-hand.ts';
import { codes } from './testing/findings.ts';
import { evidence } from './testing/lta.ts';
import { CENTRE, type Pki, certify, createPki, newParty, newSerial } from './testing/pki.ts';
import { type Cast, must, newCast, signAll } from './testing/signing.ts';
import { Workspace, run } from './testing/tools.ts';
import { verifyContract } from './verify/contract.ts';
import { sha256 } from './x509/algorithms.ts';

let space: Workspace;
let fonts: FontSet;
let pki: Pki;
let cast: Cast;
let config: string;

beforeAll(async () => {
  space = await Workspace.create();
  fonts = await loadFont();
  // openssl stamps with its own clock.
  pki = await createPki({ now: Date.now() });
  cast = await newCast(pki);
  const key = await space.write('tsa.key', '');
  await run('openssl', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', key]);
  const spki = createPublicKey(await readFile(key)).export({ format: 'der', type: 'spki' });
  const certificate = await certify(pki, CENTRE, new Uint8Array(spki), { role: 'tsa' });
  const own = await space.certificates('tsa.pem', [certificate]);
  const chain = await space.certificates('chain.pem', pki.chain);
  const serial = await space.write('serial', '01\n');
  config = await space.write(
    'tsa.cnf',
    [
      '[tsa]\ndefault_tsa = house\n[house]',
      `serial = ${serial}\ncrypto_device = builtin\nsigner_cert = ${own}\ncerts = ${chain}\nsigner_key = ${key}`,
      'signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1',
      'ordering = yes\ntsa_name = yes\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n',
    ].join('\n'),
  );
});
afterAll(() => space.remove());

/** Asks openssl as the exchange asks an authority over HTTP. */
async function stamp(imprint: Uint8Array): Promise<Uint8Array> {
  const nonce = newSerial();
  const query = await space.write('q.tsq', createTimestampQuery({ imprint, nonce }));
  const out = await space.write('r.tsr', '');
  const { code, output } = await run('openssl', [
    'ts',
    '-reply',
    '-config',
    config,
    '-queryfile',
    query,
    '-out',
    out,
  ]);
  expect(code, output).toBe(0);
  return must(readTimestampResponse(new Uint8Array(await readFile(out)), { imprint, nonce })).token;
}

describe('tokens of another authority under a pinned root', () => {
  it('prove the time of a signature', async () => {
    const [blank] = await signAll(pki, cast, fonts);
    const bytes = await signWith(blank, 'sig_seller', cast.sig_seller, { pki, fonts }, (digest) =>
      cmsOf(cast.sig_seller, digest, pki.chain, async (signature) => stamp(await sha256(signature))),
    );
    const options = { roots: [pki.root.certificate], at: Date.now(), require: ['sig_seller'] } as const;
    const report = await verifyContract(bytes, options);
    expect(codes(report)).toEqual([]);
    expect(report.signatures[0]).toMatchObject({ timeSource: 'timestamp', level: 'B-T' });
  });

  it('prove a whole contract', async () => {
    const signed = (await signAll(pki, cast, fonts, { stamped: true }))[3];
    const responder = await newParty(pki, CENTRE, { role: 'ocsp' });
    const store = addDss(signed, await evidence(pki, cast, responder));
    const bytes = await addDocumentTimestamp(store, stamp);
    const report = await verifyContract(bytes, { roots: [pki.root.certificate], at: Date.now() });
    expect(codes(report)).toEqual([]);
    expect(report.level).toBe('B-LTA');
  });
});
