/** Runs the outside tools that judge this package's files. A missing tool fails the test that needs it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toPem } from '../der/bytes.ts';

export type Ran = { readonly code: number; readonly output: string };

export function run(command: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { encoding: 'utf8', maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') {
        reject(
          new Error(
            `${command} could not run; it comes with poppler-utils, libnss3-tools, qpdf, mupdf-tools or openssl`,
            { cause: error },
          ),
        );
      } else resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
  });
}

export class Workspace {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<Workspace> {
    return new Workspace(await mkdtemp(join(tmpdir(), 'esign-')));
  }

  async write(name: string, bytes: Uint8Array | string): Promise<string> {
    const path = join(this.path, name);
    await writeFile(path, bytes);
    return path;
  }

  certificates(name: string, ders: readonly Uint8Array[]): Promise<string> {
    return this.write(name, ders.map((der) => toPem('CERTIFICATE', der)).join(''));
  }

  /** An NSS database that trusts one root for documents, as pdfsig wants it. */
  async nss(root: Uint8Array): Promise<string> {
    const file = await this.certificates('nss-root.pem', [root]);
    for (const args of [
      ['-N', '-d', `sql:${this.path}`, '--empty-password'],
      ['-A', '-d', `sql:${this.path}`, '-n', 'root', '-t', 'CT,C,C', '-i', file],
    ]) {
      const { code, output } = await run('certutil', args);
      if (code !== 0) throw new Error(`certutil ${args.join(' ')}: ${output}`);
    }
    return this.path;
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
