/** Keeps an open page up to date: asks for news, which waits at the exchange until somebody says something. */
const RETRY_MS = 3_000;

type Following = { readonly id: string; readonly seen: number; readonly news: () => void };

/** @returns stops following. Without scripts the page is as new as its last load. */
export function follow({ id, seen, news }: Following): () => void {
  const gone = new AbortController();
  const url = `/v1/negotiations/${encodeURIComponent(id)}`;
  const read = { method: 'POST', headers: { 'content-type': 'application/json' } };
  void fetch(`${url}/read`, { ...read, body: JSON.stringify({ n: seen }) }).catch(() => undefined);
  const ask = async (): Promise<void> => {
    while (!gone.signal.aborted) {
      const entries = await newest(`${url}/news?after=${seen}`, gone.signal);
      if (gone.signal.aborted) return;
      // What is new is loaded with the page, which then follows anew.
      if (entries !== undefined && entries > seen) return news();
      if (entries === undefined) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  };
  void ask();
  return () => gone.abort();
}

/** @returns undefined when the exchange cannot be asked now. */
async function newest(url: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    const answer = await fetch(url, { signal });
    return answer.ok ? ((await answer.json()) as { entries: number }).entries : undefined;
  } catch {
    return undefined;
  }
}
