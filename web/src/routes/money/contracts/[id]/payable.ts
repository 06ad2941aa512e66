/** What the visitor's company owes under a contract and may pay from its own bank, each with its own reference. */
import type { ObligationView, PaymentReference, SettlementView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';

export type Payable = {
  readonly what: 'provisional' | ObligationView['kind'];
  readonly dueAt: string | null;
  readonly to: PaymentReference;
};

/** Only for the party that owes: the reference of another's obligation is nobody else's to see. */
export async function payables(
  fetch: typeof globalThis.fetch,
  settlement: SettlementView,
): Promise<Payable[]> {
  const { contractId, mine, state, dueAt } = settlement;
  if (mine === null) return [];
  const owed = await call<{ items: ObligationView[] }>(fetch, 'GET', '/v1/obligations');
  const open = owed.ok
    ? owed.data.items.filter(
        (one) => one.contractId === contractId && one.mine === 'debtor' && one.paidAt === null,
      )
    : [];
  const wanted = [
    ...(mine === 'buyer' && (state === 'provisional_due' || state === 'defaulted')
      ? [{ what: 'provisional' as const, dueAt, path: `provisional/${contractId}` }]
      : []),
    ...open.map((one) => ({ what: one.kind, dueAt: one.dueAt, path: `obligation/${one.id}` })),
  ];
  const found = await Promise.all(
    wanted.map(async ({ path, ...rest }): Promise<Payable[]> => {
      const to = await call<PaymentReference>(fetch, 'GET', `/v1/payment-references/${path}`);
      return to.ok && (to.data.state === 'due' || to.data.state === 'short')
        ? [{ ...rest, to: to.data }]
        : [];
    }),
  );
  return found.flat();
}
