/** What the thread for downloads does. */
import type { KeptFiles, RevisionFile } from './kept-files.ts';

export function fileJobs(files: KeptFiles) {
  return {
    revision: async (of: RevisionFile) => files.revision(of),
    prepared: async (of: { readonly sessionId: string }) => (await files.prepared(of)).bytes,
  };
}
