/** What the environment says, checked once at the start. A wrong value ends the process with one line. */
import path from 'node:path';
import { type MailConfig, readMailConfig } from './mail-config.ts';
import { StartError } from './start-error.ts';

export type Config = {
  readonly host: string;
  readonly port: number;
  /** Where people reach the exchange; cookies, links and the socket's origin check depend on it. */
  readonly publicUrl: string;
  readonly dataDir: string;
  /** Undefined: PostgreSQL is started from the project's own binaries. */
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  /** Undefined: the demo's bank is started as a process of its own. */
  readonly bankUrl: string | undefined;
  readonly bankSecret: string | undefined;
  /** Wraps the keys of the certificate authorities; undefined: a file below `dataDir`. */
  readonly pkiKey: string | undefined;
  /** A timestamp authority of another house (RFC 3161); undefined: the exchange's own. */
  readonly tsaUrl: string | undefined;
  /** File with the root certificate (DER) that its tokens lead to. */
  readonly tsaRootFile: string | undefined;
  /** Undefined: the exchange writes to nobody. */
  readonly mail: MailConfig | undefined;
  readonly demo: boolean;
  readonly logLevel: string;
};

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** @throws StartError naming the variable and what it must be. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const port = integer(env, 'PORT', 3000, 1, 65535);
  const host = env['HOST'] ?? '127.0.0.1';
  return {
    host,
    port,
    publicUrl:
      url(env, 'SEAM_PUBLIC_URL', ['http:', 'https:'])?.replace(/\/$/, '') ??
      `http://${host === '0.0.0.0' ? 'localhost' : host}:${port}`,
    dataDir: path.resolve(env['SEAM_DATA_DIR'] ?? path.join(ROOT, '.seam')),
    databaseUrl: url(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    redisUrl: url(env, 'REDIS_URL', ['redis:', 'rediss:']),
    bankUrl: url(env, 'BANK_URL', ['http:', 'https:']),
    bankSecret: env['BANK_SHARED_SECRET'],
    pkiKey: env['SEAM_PKI_KEY'],
    tsaUrl: url(env, 'SEAM_TSA_URL', ['http:', 'https:']),
    tsaRootFile: env['SEAM_TSA_ROOT'],
    mail: readMailConfig(env),
    demo: oneOf(env, 'SEAM_DEMO', ['on', 'off'], 'on') === 'on',
    logLevel: oneOf(env, 'LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'warn'),
  };
}

function integer(env: NodeJS.ProcessEnv, name: string, fallback: number, min: number, max: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new StartError(`${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}

function oneOf<T extends string>(
  env: NodeJS.ProcessEnv,
  name: string,
  allowed: readonly T[],
  fallback: T,
): T {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const found = allowed.find((value) => value === text);
  if (!found) throw new StartError(`${name} must be one of ${allowed.join(', ')}, not "${text}"`);
  return found;
}

function url(env: NodeJS.ProcessEnv, name: string, protocols: readonly string[]): string | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const parsed = URL.parse(text);
  if (!parsed || !protocols.includes(parsed.protocol)) {
    throw new StartError(
      `${name} must be a URL starting with ${protocols.map((p) => `${p}//`).join(' or ')}`,
    );
  }
  return text;
}
