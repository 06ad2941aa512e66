/** Role of a person → its word. */
import type { Role } from '@seam/protocol';

export const roleKeys = {
  admin: 'roleAdmin',
  trader: 'roleTrader',
  signatory: 'roleSignatory',
  finance: 'roleFinance',
  dispatcher: 'roleDispatcher',
  viewer: 'roleViewer',
} as const satisfies Record<Role, string>;
