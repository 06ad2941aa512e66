/** Role of a person → its word. */
import type { Role } from '@seam/protocol';

export const roleKeys = {
  legal_representative: 'roleLegalRepresentative',
  admin: 'roleAdmin',
  trader: 'roleTrader',
  approver: 'roleApprover',
  signatory: 'roleSignatory',
  finance: 'roleFinance',
  dispatcher: 'roleDispatcher',
  quality_officer: 'roleQualityOfficer',
  viewer: 'roleViewer',
} as const satisfies Record<Role, string>;
