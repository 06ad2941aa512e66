/**
 * Lets the gate's page open without network, and nothing else: its scope is /deliveries/gate. Online the page always
 * comes fresh; its scripts never change under their names. What the page judges by is not kept here but by the page.
 */

/** What is used of the worker's own scope; the page's types know nothing of it. */
type Lasting = Event & { waitUntil(work: Promise<unknown>): void };
type Fetching = Lasting & { readonly request: Request; respondWith(answer: Promise<Response>): void };
type Told = Lasting & { readonly data: unknown };
type Scope = {
  addEventListener(type: 'install' | 'activate', listen: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listen: (event: Fetching) => void): void;
  addEventListener(type: 'message', listen: (event: Told) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  readonly location: Location;
};
const worker = globalThis as unknown as Scope;

const CACHE = 'seam-gate';
const PAGE = '/deliveries/gate';
/** A page that takes longer is as good as none: the truck waits. */
const PATIENCE_MS = 4_000;

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

/** The page names what it has loaded: just that must be there when the network is not. */
worker.addEventListener('message', (event) => {
  if (Array.isArray(event.data)) event.waitUntil(keep(event.data.filter((url) => typeof url === 'string')));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (request.mode === 'navigate' && url.pathname === PAGE) event.respondWith(freshPage(request));
  else if (isKept(url)) event.respondWith(keptFile(request));
});

/** Scripts, styles and pictures of the app; never what the exchange answers. */
function isKept(url: URL): boolean {
  return !url.pathname.startsWith('/v1/') && /\.(js|css|svg|woff2|webmanifest)$/.test(url.pathname);
}

async function keep(urls: readonly string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  const wanted = new Set([new URL(PAGE, worker.location.origin).href]);
  for (const text of urls) {
    const url = new URL(text, worker.location.origin);
    if (url.origin === worker.location.origin && isKept(url)) wanted.add(url.href);
  }
  for (const url of wanted) {
    if (url.endsWith(PAGE) || !(await cache.match(url))) await cache.add(url).catch(() => {});
  }
  // Of an earlier edition of the page.
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
}

async function freshPage(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) await cache.put(PAGE, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(PAGE);
    if (kept) return kept;
    throw error;
  }
}

async function keptFile(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? fetch(request);
}
