/**
 * The connection to PostgreSQL: raw postgres.js for hot and special statements, drizzle on top of the
 * same connection or transaction for everything else.
 */
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { customType } from 'drizzle-orm/pg-core';
import postgres, { type Sql, type TransactionSql } from 'postgres';
import { StartError } from './start-error.ts';

/** A pool or an open transaction: what a query may run on. */
export type Connection = Sql | TransactionSql;
export type Tx = TransactionSql;

/** Enough for the requests of one process; the engine and the job workers bring their own. */
const POOL_MAX = 20;

/** @throws StartError with one line when the database cannot be reached. */
export async function openDatabase(url: string, options: { max?: number; name?: string } = {}): Promise<Sql> {
  let sql: Sql;
  try {
    sql = postgres(url, {
      max: options.max ?? POOL_MAX,
      connect_timeout: 10,
      onnotice: () => {},
      connection: { application_name: options.name ?? 'seam' },
    });
    await sql`select 1`;
  } catch (error) {
    throw new StartError(`the database cannot be reached (${withoutPassword(url)}): ${reasonOf(error)}`, {
      cause: error,
    });
  }
  return sql;
}

/**
 * Drizzle over a pool or a transaction. Drizzle rewires the type parsers of the client it is given;
 * the wrapper takes that, so that raw queries on the same connection keep theirs.
 */
export function orm(connection: Connection): PostgresJsDatabase {
  return drizzle(new DrizzleClient(connection) as unknown as Sql);
}

class DrizzleClient {
  readonly options = { parsers: {}, serializers: {} };
  readonly #connection: Connection;
  constructor(connection: Connection) {
    this.#connection = connection;
  }
  unsafe(...args: Parameters<Sql['unsafe']>): ReturnType<Sql['unsafe']> {
    return this.#connection.unsafe(...args);
  }
  begin(...args: unknown[]): unknown {
    const connection = this.#connection as Sql;
    return (connection.begin as (...all: unknown[]) => unknown)(...args);
  }
}

/** jsonb that leaves the encoding to postgres.js (drizzle's own would encode twice). */
export const json = <T>(name: string) =>
  customType<{ data: T; driverData: T }>({ dataType: () => 'jsonb', toDriver: (value) => value })(name);

export const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: (value) => Buffer.from(value),
});

/** The first row, or undefined. */
export function first<T>(rows: readonly T[]): T | undefined {
  return rows[0];
}

/** Whether `error` is PostgreSQL's, with this SQLSTATE (and constraint, when given). */
export function isPgError(error: unknown, sqlState: string, constraint?: string): boolean {
  if (typeof error !== 'object' || error === null) return false;
  // Drizzle wraps it. A fault of ours has the field too, and often nothing in it.
  const wrapped = 'cause' in error && !('severity' in error) ? error.cause : undefined;
  const source = typeof wrapped === 'object' && wrapped !== null ? wrapped : error;
  const { code, constraint_name } = source as { code?: string; constraint_name?: string };
  return code === sqlState && (constraint === undefined || constraint_name === constraint);
}

export const UNIQUE_VIOLATION = '23505';
const DEADLOCK = '40P01';
const SERIALIZATION_FAILURE = '40001';
const TRIES_MAX = 6;
/** Doubled at each try, and drawn, so that two who met do not meet again. */
const REST_MS = 5;

/**
 * A transaction. Two that wait for each other are parted by PostgreSQL: the one that it ends has changed nothing, and
 * is begun again. So `work` writes to the database and nowhere else.
 */
export async function transaction<T>(sql: Sql, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return (await sql.begin(work)) as T;
    } catch (error) {
      const isParted = isPgError(error, DEADLOCK) || isPgError(error, SERIALIZATION_FAILURE);
      if (!isParted || tried >= TRIES_MAX) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * REST_MS * 2 ** tried));
    }
  }
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/([^:/@]*):[^@]*@/, '//$1@');
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : String(error);
}
