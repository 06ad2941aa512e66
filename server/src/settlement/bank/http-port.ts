/** The bank over HTTP: ISO 20022 XML in signed requests. */
import { Fault } from '../../platform/fault.ts';
import type { Clock } from '../../platform/clock.ts';
import { newId } from '../../platform/id.ts';
import { STATEMENT_BYTES_MAX } from './iso20022/limits.ts';
import type { BankPort, CertificationRequest, OfferedKey, OwnAccount } from './port.ts';
import type { SigningKey } from './keys.ts';
import { sign, verifyCallback } from './signature.ts';

/** A bank that needs longer is as good as silent; the payment is then asked for. */
const BANK_TIMEOUT_MS = 10_000;

export type HttpBankOptions = {
  /** Origin of the bank, for example http://127.0.0.1:3400 */
  readonly url: string;
  readonly secret: string;
  /** Our own: what we ask of the bank is signed with them beside the secret. */
  readonly keys?: readonly SigningKey[];
  readonly clock: Clock;
  readonly timeoutMs?: number;
};

export function httpBankPort(options: HttpBankOptions): BankPort {
  const call = signedCall(options);
  return {
    sendPayment: async (pain001) => found(await call('POST', '/v1/pain.001', pain001, 'application/xml')),
    paymentStatus: async (endToEndId) => call('GET', `/v1/payments/${endToEndId}`),
    submitCertification: async (request: CertificationRequest) => {
      await call('POST', '/v1/certifications', ...json(request));
    },
    fetchStatement: async ({ account, sequence }) => call('GET', `/v1/statements/${account}/${sequence}`),
    exchangeKeys: async (ours) =>
      offeredKeys(options, found(await call('POST', '/v1/keys', ...json({ ours })))),
    ownAccounts: async () =>
      JSON.parse(Buffer.from(found(await call('GET', '/v1/exchange-accounts'))).toString()) as OwnAccount[],
  };
}

const json = (body: object): [string, string] => [JSON.stringify(body), 'application/json'];

/** The answer carries its own signature: whoever stands between cannot put its key in the place of the bank's. */
function offeredKeys({ secret, clock }: HttpBankOptions, bytes: Uint8Array): OfferedKey[] {
  const { body, headers } = JSON.parse(Buffer.from(bytes).toString()) as {
    body: string;
    headers: Record<string, string>;
  };
  const verified = verifyCallback(headers, Buffer.from(body), { secrets: [secret] }, clock.now());
  if (!verified.ok) throw new Fault('service.unavailable', 'the keys of the bank are not signed by it');
  return (JSON.parse(body) as { keys: OfferedKey[] }).keys;
}

export type SignedCall = (
  method: 'GET' | 'POST',
  path: string,
  body?: string,
  type?: string,
) => Promise<Uint8Array | null>;

/**
 * Calls with a signature over id, time and body. A GET signs its path instead of a body.
 * @returns the body, or null on 404.
 * @throws Fault `service.unavailable` when the bank is silent or answers anything but 2xx and 404.
 */
export function signedCall(options: HttpBankOptions): SignedCall {
  return async (method, path, body, type) => {
    const signed = Buffer.from(body ?? path, 'utf8');
    const { secret, keys } = options;
    const headers = sign({ id: newId(), at: options.clock.now(), body: signed, secret, keys });
    try {
      const response = await fetch(new URL(path, options.url), {
        method,
        headers: { ...headers, ...(type ? { 'content-type': type } : {}) },
        ...(body === undefined ? {} : { body }),
        redirect: 'error',
        signal: AbortSignal.timeout(options.timeoutMs ?? BANK_TIMEOUT_MS),
      });
      if (response.status === 404) return null;
      const bytes = await readBounded(response);
      if (!response.ok) throw new Error(`${response.status} ${Buffer.from(bytes).toString().slice(0, 300)}`);
      return bytes;
    } catch (error) {
      throw new Fault('service.unavailable', 'the bank does not answer', { cause: error });
    }
  };
}

async function readBounded(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > STATEMENT_BYTES_MAX) throw new Error('answer too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function found(bytes: Uint8Array | null): Uint8Array {
  if (bytes === null) throw new Fault('service.unavailable', 'the bank does not know this service');
  return bytes;
}
