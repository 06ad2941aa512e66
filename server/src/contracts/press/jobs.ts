/**
 * What is done to contract documents, as functions of plain data: they run in the press's threads, know no
 * clock, no database and no private key, and give the same answer when they are run again after a crash.
 * What of it the exchange keeps, and how it comes to the files, is in kept-jobs.ts.
 */
import { createHash } from 'node:crypto';
import {
  type ContractReport,
  type DssContent,
  type Paper,
  type PrepareInput,
  type SignatureField,
  addDocumentTimestamp,
  addDss,
  completeSignature,
  isSignatureOver,
  loadFont,
  prepareSignature,
  renderPaper,
  verifyContract,
} from '@seam/esign';
import { renderTerms } from '../document.ts';
import { zip } from './zip.ts';

export type Demand = {
  readonly roots: readonly Uint8Array[];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly require: readonly SignatureField[];
  readonly crls?: readonly Uint8Array[];
  readonly requireRevocation?: boolean;
  readonly requireLevel?: 'B-B' | 'B-T' | 'B-LT' | 'B-LTA';
};

export type PrepareJob = Omit<PrepareInput, 'appearance'> & {
  readonly appearance: Omit<PrepareInput['appearance'], 'font'>;
};
export type CompleteJob = {
  readonly prepared: Uint8Array;
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly signature: Uint8Array;
  readonly token: Uint8Array;
  /** What the signed revision must stand up to before anybody sees it. */
  readonly demand: Demand;
};

export const jobs = {
  /** @throws Fault `contract.font_missing_glyph`. */
  async render(input: Parameters<typeof renderTerms>) {
    return renderTerms(...input);
  },

  /** A paper that nobody signs. */
  async paper(input: Omit<Paper, 'fonts'>) {
    return renderPaper({ ...input, fonts: await loadFont() });
  },

  async prepare(input: PrepareJob) {
    const { regular } = await loadFont();
    return prepareSignature({ ...input, appearance: { ...input.appearance, font: regular } });
  },

  async fits(input: { prepared: Uint8Array; certificate: Uint8Array; signature: Uint8Array }) {
    return isSignatureOver(input.prepared, input.certificate, input.signature);
  },

  /** The signed revision, and what the verifier says of it. */
  async complete({ demand, ...input }: CompleteJob) {
    const completed = await completeSignature(input);
    if (!completed.ok) return completed;
    const report = await verifyContract(completed.bytes, demand);
    return { ...completed, report, sha256: hash(completed.bytes) };
  },

  async dss({ file, content }: { file: Uint8Array; content: DssContent }) {
    return addDss(file, content);
  },

  /** What the document's timestamp must be over: the file is made twice, for the token comes from outside. */
  async imprint({ file }: { file: Uint8Array }) {
    let imprint: Uint8Array | undefined;
    const stop = new Error('the imprint is known');
    try {
      await addDocumentTimestamp(file, (of) => {
        imprint = of;
        return Promise.reject(stop);
      });
    } catch (error) {
      if (error !== stop) throw error;
    }
    return imprint!;
  },

  async stamp({ file, token, demand }: { file: Uint8Array; token: Uint8Array; demand: Demand }) {
    const bytes = await addDocumentTimestamp(file, () => Promise.resolve(token));
    return { bytes, sha256: hash(bytes), report: await verifyContract(bytes, demand) };
  },

  async verify({ file, ...demand }: Demand & { readonly file: Uint8Array }) {
    return verifyContract(file, demand);
  },

  async zip(input: { files: readonly { name: string; bytes: Uint8Array }[] }) {
    return zip(input.files);
  },
};

/** Codes of everything that was found, document first. */
export function findingsOf(report: ContractReport): string[] {
  return [...report.findings, ...report.signatures.flatMap((one) => one.findings)].map(({ code }) => code);
}

const hash = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
