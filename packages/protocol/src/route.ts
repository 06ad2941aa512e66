/**
 * One object per endpoint: the server registers it, the client calls it, OpenAPI prints it, and the
 * types of all three fall out of it.
 */
import type { Static, TObject, TSchema } from 'typebox';
import type { ProblemCode } from './problems.ts';

/**
 * Who may call. `member` means any signed-in person of a company; a list of roles means a person of
 * a company holding one of them; `staff` means the centre's own people; `device` means a caller that
 * proves itself otherwise (bank signature, weighbridge key) inside the handler.
 */
export type Access =
  'public' | 'signed_in' | 'member' | 'staff' | 'device' | { readonly roles: readonly Role[] };

/** What a person may do for its company. */
export const ROLES = [
  'legal_representative',
  'admin',
  'trader',
  'approver',
  'signatory',
  'finance',
  'dispatcher',
  'quality_officer',
  'viewer',
] as const;
export type Role = (typeof ROLES)[number];

export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `:name` for each path parameter. */
  readonly url: string;
  readonly summary: string;
  readonly area: string;
  readonly access: Access;
  /** The company must be certified and its bank account confirmed (`organisation.status = active`). */
  readonly activeOnly?: boolean;
  /** The company must owe nothing for a deposit that its bank took back: nothing new is bid on money that is gone. */
  readonly fundedOnly?: boolean;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TSchema;
  /** Response body. Mandatory: it is also the guard against leaking a field. */
  readonly ok: TSchema;
  readonly okStatus?: 200 | 201 | 202 | 204;
  /** Content type when the answer is a file; `ok` is then ignored by the serialiser. */
  readonly produces?: string;
  readonly problems: readonly ProblemCode[];
};

/** Keeps the literal types of a route. */
export function route<const R extends Route>(definition: R): R {
  return definition;
}

type Part<R extends Route, K extends 'params' | 'query' | 'body'> = R[K] extends TSchema
  ? Static<R[K]>
  : undefined;

export type Params<R extends Route> = Part<R, 'params'>;
export type Query<R extends Route> = Part<R, 'query'>;
export type Body<R extends Route> = Part<R, 'body'>;
export type Ok<R extends Route> = Static<R['ok']>;
