/** Keeps this page for the time without network. */
import { problemTextsReady } from '#lib/i18n/problems.svelte.ts';

/** @returns whether the page will open without network; false where the browser cannot promise it. */
export async function keepPage(): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false;
  try {
    await navigator.serviceWorker.register('/service-worker.js', {
      scope: '/deliveries/gate',
      type: 'module',
    });
    const { active } = await navigator.serviceWorker.ready;
    // Without network a refusal is said in words too.
    await problemTextsReady();
    // A worker is no window: it has no other origin to leak to.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    active?.postMessage(loaded());
    return active !== null;
  } catch {
    return false;
  }
}

/** Everything this page has been made of so far. */
function loaded(): string[] {
  const scripts = [...document.querySelectorAll<HTMLLinkElement>('link[href]')].map(({ href }) => href);
  return [...performance.getEntriesByType('resource').map(({ name }) => name), ...scripts];
}
