/**
 * A word about something that has just happened. The library is fetched with the first toast; what must
 * not be missed belongs on the page, not here.
 */
type Kind = 'success' | 'error' | 'info';

let ready: (() => void) | undefined;
/** Set by the Toaster: brings it onto the page. */
export function onFirstToast(show: () => void): void {
  ready = show;
}

export async function toast(kind: Kind, text: string, description?: string): Promise<void> {
  ready?.();
  const sonner = await import('svelte-sonner');
  sonner.toast[kind](text, description === undefined ? {} : { description });
}
