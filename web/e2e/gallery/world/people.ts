/** Who looks at the pages, and the connection of each to the exchange. */
import { DEMO_PASSWORD, SECOND_STAFF, STAFF } from '../../../../server/src/demo/companies.ts';
import { type Party, logIn } from '../../../../server/test/trade/party.ts';

export const LOGINS = {
  seller: { email: 'shenmu@seam.example', password: DEMO_PASSWORD },
  buyer: { email: 'east-tide@seam.example', password: DEMO_PASSWORD },
  rival: { email: 'pearl-delta@seam.example', password: DEMO_PASSWORD },
  carrier: { email: 'carrier-1@seam.example', password: DEMO_PASSWORD },
  staff: STAFF,
  colleague: SECOND_STAFF,
} as const;

/** `visitor` has no login. */
export type Role = keyof typeof LOGINS | 'visitor';
export type People = { readonly [Who in keyof typeof LOGINS]: Party };

export async function logAllIn(url: string): Promise<People> {
  const entries = await Promise.all(
    Object.entries(LOGINS).map(async ([who, of]) => [who, await logIn(url, of.email, of.password)] as const),
  );
  return Object.fromEntries(entries) as People;
}

const DAY_MS = 24 * 3600_000;
/** The centre's calendar. */
export const day = (fromToday: number): string =>
  new Date(Date.now() + 8 * 3600_000 + fromToday * DAY_MS).toISOString().slice(0, 10);

const PATIENCE_MS = 180_000;
const INTERVAL_MS = 100;

/** Asks until the answer is something. @throws Error after three minutes. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | null | false>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}
