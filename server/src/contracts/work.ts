import type { WorkHandler, WorkItem } from '../platform/outbox.ts';
import { assert } from '../platform/fault.ts';
import { type IssueDeps, issueContract } from './issue.ts';
import { type SealDeps, sealContract } from './seal.ts';

export function contractWork(deps: IssueDeps & SealDeps): WorkHandler[] {
  return [
    { topic: 'contracts.issue', run: async (item) => issueContract(deps, contractId(item)) },
    { topic: 'contracts.seal', run: async (item) => sealContract(deps, contractId(item)) },
  ];
}

function contractId(item: WorkItem): string {
  const id = item.payload['contractId'];
  assert(typeof id === 'string', `work ${item.topic} without contractId`);
  return id;
}
