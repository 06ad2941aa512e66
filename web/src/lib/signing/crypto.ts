/** The signing code, fetched when it is first needed: pages that only show contracts do not carry it. */
export type Esign = typeof import('@seam/esign/browser');

export async function esign(): Promise<Esign> {
  return import('@seam/esign/browser');
}
