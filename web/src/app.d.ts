import type { Session } from '#lib/api/session.ts';
import type { Locale } from '#lib/i18n/dictionary.ts';
import type { Demo } from '#lib/api/demo.ts';
import type { Problem } from '#lib/api/problem.ts';
import type { Preferences } from '#lib/shell/preferences.ts';

/** What the server that mounts the pages offers them: a request to the exchange that never leaves the process. */
type Injected = { statusCode: number; headers: Record<string, unknown>; payload: string | Uint8Array };
type Seam = {
  inject(options: {
    method: string;
    url: string;
    headers: Record<string, string>;
    payload?: Buffer;
    remoteAddress?: string;
  }): Promise<Injected>;
};

declare module 'node:http' {
  interface IncomingMessage {
    /** Set by the server that mounts the pages. Absent under `vite dev`. */
    seam?: Seam;
  }
}

declare global {
  namespace App {
    interface Error {
      status: number;
      message: string;
      /** Stable code of a problem, when the exchange gave one. */
      code?: string;
      /** What to quote to support. */
      requestId?: string;
    }
    interface Locals {
      session: Session | null;
      locale: Locale;
      preferences: Preferences;
    }
    interface PageData {
      session: Session | null;
      preferences: Preferences;
      /** Server time at which the page was made, ms. */
      now: number;
      /** Unique to this rendering of the layout: base of the keys that make repeated forms safe. */
      formKey: string;
      demo: Demo | null;
      /** Ends up in <title>, before the name of the exchange. */
      title?: string;
      problem?: Problem;
    }
  }
}
