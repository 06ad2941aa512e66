import type { WorkHandler, WorkItem } from '../platform/outbox.ts';
import { assert } from '../platform/fault.ts';
import { type IssueDeps, issueContract } from './issue.ts';
import { overtakenAmendment } from './negotiation/bound.ts';
import type { SettlementStage } from './negotiation/ground.ts';
import { type ArchivingDeps, archiveContract } from './signing/archive.ts';
import { lapseContract } from './signing/end.ts';
import { orAgain } from './signing/retry.ts';
import { sealContract } from './signing/seal.ts';
import { stampKept } from './signing/stamp.ts';

export type ContractWorkDeps = IssueDeps & ArchivingDeps & { readonly stageOf: SettlementStage };

/** What signing does by itself: it begins again where a process died, and waits for authorities that are away. */
export function contractWork(deps: ContractWorkDeps): WorkHandler[] {
  return [
    { topic: 'contracts.issue', run: async (item) => issueContract(deps, text(item, 'contractId')) },
    { topic: 'contracts.stamp', run: async (item) => stampAgain(deps, item) },
    {
      topic: 'contracts.seal',
      run: async (item) => {
        const contractId = text(item, 'contractId');
        const overtaken = await overtakenAmendment(deps.sql, contractId, deps.stageOf);
        if (overtaken) return overtaken;
        return orAgain(again(item, `contract:${contractId}:seal_again`, { contractId }), async () =>
          sealContract(deps, contractId),
        );
      },
    },
    {
      topic: 'contracts.archive',
      run: async (item) => {
        const contractId = text(item, 'contractId');
        return orAgain(again(item, `contract:${contractId}:archive`, { contractId }), async () =>
          archiveContract(deps, contractId),
        );
      },
    },
    {
      topic: 'contracts.sign_due',
      write: async (tx, item) => lapseContract(tx, text(item, 'contractId'), deps.clock.now()),
    },
  ];
}

/** A kept signature is completed in transactions of its own; a refusal there is its end, written down. */
async function stampAgain(deps: ContractWorkDeps, item: WorkItem) {
  const sessionId = text(item, 'sessionId');
  return orAgain(again(item, `signing:${sessionId}:stamp`, { sessionId }), async () => {
    await stampKept(deps, sessionId);
    return async () => {};
  });
}

function again(item: WorkItem, effectKey: string, payload: Record<string, string>) {
  const attempt = Number(item.payload['attempt'] ?? 1);
  return { topic: item.topic, effectKey, payload, attempt };
}

function text(item: WorkItem, name: string): string {
  const value = item.payload[name];
  assert(typeof value === 'string', `work ${item.topic} without ${name}`);
  return value;
}
