/** Does this account belong to this legal person? The answer goes back as a signed event. */
import { X509Certificate, verify } from 'node:crypto';
import type { CertificationRequest } from '../settlement/bank/port.ts';
import { accountBy } from './books.ts';
import type { BankSimulatorDeps } from './deps.ts';
import { tell } from './events.ts';
import { sameName } from './payments.ts';

/** Whether the centre's signature is over exactly what is asked; a request without an assertion asserts nothing. */
export function assertsTheSame({ assertion, ...asked }: CertificationRequest): boolean {
  if (!assertion) return true;
  const payload = Buffer.from(assertion.payload, 'base64');
  try {
    const { publicKey } = new X509Certificate(Buffer.from(assertion.certificate, 'base64'));
    if (!verify('sha256', payload, publicKey, Buffer.from(assertion.signature, 'base64'))) return false;
    const said = JSON.parse(payload.toString()) as Record<string, unknown>;
    return (['holderName', 'legalId', 'accountNumber', 'currency'] as const).every(
      (key) => said[key] === asked[key],
    );
  } catch {
    return false;
  }
}

/** Asked again under the same id, the bank gives no second answer. */
export async function takeCertification(
  deps: BankSimulatorDeps,
  request: CertificationRequest,
): Promise<void> {
  const at = deps.clock.now();
  await deps.sql.begin(async (tx) => {
    const account = await accountBy(tx, { number: request.accountNumber });
    const differences =
      account?.kind === 'customer'
        ? [
            sameName(account.holderName, request.holderName) ? '' : 'holder_name',
            account.legalId === request.legalId ? '' : 'legal_id',
            account.currency === request.currency ? '' : 'currency',
            account.bank.code === request.bank.code ? '' : 'bank_code',
          ].filter((word) => word !== '')
        : ['account_number'];
    const { count } = await tx`insert into certification (request_id, account_number, differences, at)
      values (${request.requestId}, ${request.accountNumber}, ${differences}::text[], ${at.toISOString()}::text::timestamptz)
      on conflict do nothing`;
    if (count === 0) return;
    const body = JSON.stringify({
      type: 'certification.completed',
      requestId: request.requestId,
      result: differences.length === 0 ? 'matched' : 'mismatched',
      differences,
      at: at.toISOString(),
    });
    await tell(deps, tx, at, { contentType: 'application/json', body });
  });
  deps.wake();
}
