/** The product with a day's work in it, a browser, and the pages that are measured. */
import { launchBrowser } from '@seam/testkit';
import { enter } from '../../../web/e2e/gallery/look.ts';
import { type Shown, allPages, checkPages } from '../../../web/e2e/gallery/pages.ts';
import { type World, makeWorld } from '../../../web/e2e/gallery/world/index.ts';
import type { People, Role } from '../../../web/e2e/gallery/world/people.ts';
import { setup } from '../../test/global-setup.ts';
import { runSeam } from '../../test/running-seam.ts';

export type Browser = Awaited<ReturnType<typeof launchBrowser>>;
export type BrowserContext = Awaited<ReturnType<Browser['newContext']>>;
export type Place = {
  readonly url: string;
  readonly world: World;
  readonly people: People;
  readonly browser: Browser;
  readonly pages: readonly Shown[];
  /** Logged in, in English, with nothing in its cache. */
  enterAs(role: Role, url?: string): Promise<BrowserContext>;
};

export async function withPlace<T>(pattern: string, work: (place: Place) => Promise<T>): Promise<T> {
  checkPages();
  const removeServer = await setup();
  try {
    const seam = await runSeam();
    try {
      const { url } = seam;
      const { world, people } = await makeWorld(seam);
      const pages = allPages(world).filter(({ route }) => new RegExp(pattern).test(route));
      const browser = await launchBrowser();
      try {
        const enterAs = async (role: Role, at = url) => enter(browser, at, role, 'en', { axe: false });
        return await work({ url, world, people, browser, pages, enterAs });
      } finally {
        await browser.close();
      }
    } finally {
      await seam.stop();
    }
  } finally {
    await removeServer();
  }
}
