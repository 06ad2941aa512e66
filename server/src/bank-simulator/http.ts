/** What the routes of the demo bank share: bodies by schema, and refusals with a code. */
import type { FastifyRequest } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';

export const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
export const Exact = <T extends Parameters<typeof Type.Object>[0]>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, detail = code) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

export function bodyOf(httpRequest: FastifyRequest): Buffer {
  return Buffer.isBuffer(httpRequest.body) ? httpRequest.body : Buffer.alloc(0);
}

/** @throws Refusal 400 */
export function parsed<T extends TSchema>(schema: T, httpRequest: FastifyRequest): Static<T> {
  let value: unknown;
  try {
    value = JSON.parse(bodyOf(httpRequest).toString('utf8'));
  } catch {
    throw new Refusal(400, 'not_json');
  }
  if (!Value.Check(schema, value))
    throw new Refusal(400, 'request_invalid', Value.Errors(schema, value)[0]?.message ?? 'invalid');
  return value;
}

/** @throws Refusal 422 with the bank's own code */
export function accepted<T extends object>(answer: T | { refused: string }): T {
  if ('refused' in answer) throw new Refusal(422, answer.refused);
  return answer;
}
