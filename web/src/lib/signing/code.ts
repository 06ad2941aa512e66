/** The signing code in a file of its own, so that its hash can be kept with each signature. */
export * from '@seam/esign/browser';

/** Address of the file that this code was loaded from. */
export const codeUrl = import.meta.url;
