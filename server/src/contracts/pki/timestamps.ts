/**
 * The exchange's own timestamp authority (RFC 3161). What it put its name to is logged before the token
 * leaves: a token that is in no log was not made here.
 */
import { createHash } from 'node:crypto';
import { answerTimestampQuery, createTimestampToken, toHex } from '@seam/esign';
import type { Sql } from 'postgres';
import type { Clock } from '../../platform/clock.ts';
import type { Authorities } from './authorities.ts';
import { newSerial } from './make-authorities.ts';
import type { TimestampAuthority } from './ports.ts';

/** The exchange's one policy: SHA-256, whole seconds, an accuracy of one second. */
export const TIMESTAMP_POLICY = '1.3.6.1.4.1.99999.1';

export type Stamping = { readonly sql: Sql; readonly authorities: Authorities; readonly clock: Clock };

export function ownTimestampAuthority(deps: Stamping): TimestampAuthority {
  return {
    async stamp(imprint) {
      const made = making(deps);
      const token = await createTimestampToken({ ...made, imprint });
      await log(deps.sql, made, token);
      return token;
    },
  };
}

/** DER of the answer to a query off the wire: granted, or rejected with the reason that RFC 3161 has for it. */
export async function answerTimestamp(deps: Stamping, query: Uint8Array): Promise<Uint8Array> {
  const made = making(deps);
  const { response, token } = await answerTimestampQuery(query, made);
  if (token) await log(deps.sql, made, token);
  return response;
}

function making({ authorities, clock }: Stamping) {
  return {
    authority: authorities.tsa,
    chain: [authorities.issuing.certificate],
    time: clock.now().getTime(),
    serial: newSerial(),
    policy: TIMESTAMP_POLICY,
  };
}

async function log(sql: Sql, made: ReturnType<typeof making>, token: Uint8Array): Promise<void> {
  const sha256 = createHash('sha256').update(token).digest();
  await sql`insert into timestamp_log (serial, token_sha256, at)
    values (${toHex(made.serial)}, ${sha256}, ${new Date(made.time)})`;
}
