/** Another house's timestamp authority: a second Seam, and servers that answer badly. */
import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  answerTimestampQuery,
  createRoot,
  generatePrivateKey,
  signerFromPkcs8,
  verifyToken,
} from '@seam/esign';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSerial, validity } from './make-authorities.ts';
import { outsideTimestampAuthority } from './outside-timestamps.ts';
import { type RunningPki, runPki } from './testing/running-pki.ts';
import { TIMESTAMP_POLICY } from './timestamps.ts';

let pki: RunningPki;
const servers: http.Server[] = [];
beforeAll(async () => {
  pki = await runPki();
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await pki.close();
});

const imprint = new Uint8Array(createHash('sha256').update('one lot of coal').digest());

type Answering = (query: Uint8Array, response: http.ServerResponse) => void | Promise<void>;
async function serve(answering: Answering): Promise<string> {
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => void answering(new Uint8Array(Buffer.concat(parts)), response));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
const stampFrom = async (url: string, roots = [pki.authorities.root], timeoutMs = 5_000) =>
  outsideTimestampAuthority({ url, roots, timeoutMs }).stamp(imprint);
const UNAVAILABLE = { code: 'contract.timestamp_unavailable' };

/** What an honest authority answers, made of our keys. */
const granted = async (query: Uint8Array, as: 'tsa' | 'centre' = 'tsa') =>
  (
    await answerTimestampQuery(query, {
      authority: pki.authorities[as],
      chain: [pki.authorities.issuing.certificate],
      time: Date.now(),
      serial: newSerial(),
      policy: TIMESTAMP_POLICY,
    })
  ).response;

describe('an outside timestamp authority', () => {
  it('of a second exchange stamps, and its token proves the time under its root', async () => {
    const token = await stampFrom(`${pki.url}/v1/pki/tsa`);
    const verified = await verifyToken(token, { imprint, roots: [pki.authorities.root] });
    expect(verified).toMatchObject({ ok: true });
  });
  it('that does not answer is not available', async () => {
    await expect(stampFrom('http://127.0.0.1:1/')).rejects.toMatchObject(UNAVAILABLE);
    const silent = await serve(() => {});
    await expect(stampFrom(silent, [pki.authorities.root], 50)).rejects.toMatchObject(UNAVAILABLE);
  });
  it.each<[string, Answering]>([
    ['with an error', (_query, response) => void response.writeHead(500).end()],
    ['with what is no token', (_query, response) => void response.end('sorry')],
    ['with more than anybody needs', (_query, response) => void response.end(Buffer.alloc(100_000))],
    ['with a rejection', (_query, response) => void response.end(Buffer.from('30053003020102', 'hex'))],
    [
      'about something else',
      async (query, response) => {
        const other = Buffer.from(query);
        other[other.indexOf(imprint)]! ^= 1;
        response.end(await granted(new Uint8Array(other)));
      },
    ],
    [
      'to another question',
      async (query, response) => {
        // The nonce is the last but the three bytes of certReq.
        const other = Buffer.from(query);
        other[other.length - 4]! ^= 1;
        response.end(await granted(new Uint8Array(other)));
      },
    ],
    [
      'by a certificate that is no authority’s',
      async (query, response) => void response.end(await granted(query, 'centre')),
    ],
  ])('that answers %s is not available', async (_name, answering) => {
    await expect(stampFrom(await serve(answering))).rejects.toMatchObject(UNAVAILABLE);
  });
  it('under another root is not available', async () => {
    const signer = signerFromPkcs8(await generatePrivateKey('p-256'));
    const subject = { commonName: 'Another root' };
    const root = await createRoot({ subject, signer, ...validity(Date.now(), 1) });
    await expect(stampFrom(`${pki.url}/v1/pki/tsa`, [root])).rejects.toMatchObject(UNAVAILABLE);
  });
});
