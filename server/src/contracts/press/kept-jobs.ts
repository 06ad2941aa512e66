/**
 * The press on documents as they are kept: it is told which revision, reads it itself, and gives back what a
 * step appended, so that no whole document of a signature passes through the market's event loop.
 */
import { createHash } from 'node:crypto';
import type { DssContent } from '@seam/esign';
import type { Evidence } from '../evidence/evidence.ts';
import { packageOf } from '../evidence/package.ts';
import { type KeptFiles, type PreparedFile, type RevisionFile, appendedTo } from '../files/kept-files.ts';
import { type CompleteJob, type Demand, type PrepareJob, jobs } from './jobs.ts';

type On<T, K extends keyof T, File> = Omit<T, K> & { readonly [key in K]: File };
type Stamping = { base: RevisionFile; dss: Uint8Array; token: Uint8Array; demand: Demand };
type Packing = Omit<Evidence, 'revisions'> & {
  readonly revisions: readonly (RevisionFile & { readonly kind: string })[];
};

export function keptJobs(files: KeptFiles) {
  return {
    render: jobs.render,
    paper: jobs.paper,

    async prepare(input: On<PrepareJob, 'bytes', RevisionFile>) {
      const bytes = await files.revision(input.bytes);
      const prepared = await jobs.prepare({ ...input, bytes });
      if (!prepared.ok) return prepared;
      return { ok: true as const, appended: appendedTo(bytes, prepared.bytes), digest: prepared.digest };
    },

    async fits(input: { prepared: PreparedFile; certificate: Uint8Array; signature: Uint8Array }) {
      const { bytes } = await files.prepared(input.prepared);
      return jobs.fits({ ...input, prepared: bytes });
    },

    async complete(input: On<CompleteJob, 'prepared', PreparedFile>) {
      const { base, bytes: prepared } = await files.prepared(input.prepared);
      const completed = await jobs.complete({ ...input, prepared });
      if (!completed.ok) return completed;
      const { bytes, ...said } = completed;
      files.remember(said.sha256, bytes);
      return { ...said, appended: appendedTo(base, bytes) };
    },

    /** The store, and what the timestamp over it must be over. */
    async dss({ base, content }: { base: RevisionFile; content: DssContent }) {
      const bytes = await files.revision(base);
      const file = await jobs.dss({ file: bytes, content });
      const imprint = await jobs.imprint({ file });
      return { appended: appendedTo(bytes, file), sha256: hash(file), imprint };
    },

    async stamp({ base, dss, ...input }: Stamping) {
      const { bytes: file } = await files.prepared({ base, appended: dss });
      const { bytes, ...said } = await jobs.stamp({ ...input, file });
      return { ...said, appended: appendedTo(file, bytes) };
    },

    async verify({ file, ...demand }: Demand & { readonly file: RevisionFile }) {
      return jobs.verify({ ...demand, file: await files.revision(file) });
    },

    /** The evidence package, as a zip. */
    async pack(input: Packing) {
      const revisions: Evidence['revisions'][number][] = [];
      for (const of of input.revisions) {
        revisions.push({ n: of.n, kind: of.kind, file: await files.revision(of) });
      }
      return jobs.zip({ files: packageOf({ ...input, revisions }) });
    },
  };
}

const hash = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
