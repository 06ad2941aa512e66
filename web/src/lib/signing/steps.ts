/** The life of a contract as the reader sees it: issued, three signatures in order, binding. */
import type { ContractView } from '@seam/protocol';

export type Side = 'seller' | 'buyer' | 'centre';
export type SigningStep = {
  readonly id: 'issued' | Side | 'binding';
  readonly state: 'done' | 'current' | 'todo' | 'problem';
  /** RFC 3339: when it was done, or by when it is due. */
  readonly at: string | null;
  readonly due: boolean;
  /** Name of the person who signed. */
  readonly signer: string | null;
};

type Facts = Pick<ContractView, 'state' | 'waitsFor' | 'signBy' | 'boundAt' | 'createdAt' | 'revisions'>;

const sides = ['seller', 'buyer', 'centre'] as const satisfies readonly Side[];

export function signingSteps(contract: Facts): SigningStep[] {
  const revision = (kind: string) => contract.revisions.find((one) => one.kind === kind);
  const issued = revision('issued') !== undefined;
  const steps: SigningStep[] = [
    {
      id: 'issued',
      state: issued ? 'done' : contract.state === 'voided' ? 'problem' : 'current',
      at: issued ? contract.createdAt : null,
      due: false,
      signer: null,
    },
  ];
  for (const side of sides) {
    const signature = revision(`sig_${side}`);
    const waits = contract.waitsFor === side;
    steps.push({
      id: side,
      state: signature ? 'done' : waits ? 'current' : 'todo',
      at: signature?.signedAt ?? (waits && side !== 'centre' ? contract.signBy : null),
      due: signature === undefined,
      signer: signature?.signer ?? null,
    });
  }
  const end = { id: 'binding', at: contract.boundAt, due: false, signer: null } as const;
  if (contract.state !== 'voided') return [...steps, { ...end, state: contract.boundAt ? 'done' : 'todo' }];
  // A void contract: what was not reached any more fails where it stopped.
  const stopped = steps.findIndex((step) => step.state !== 'done');
  return steps.map((step, index) => (index === stopped ? { ...step, state: 'problem', at: null } : step));
}
