/** Deadlines of disputes: rows of the outbox, so that no restart skips one and none fires twice. */
import type { Clock } from '../../platform/clock.ts';
import { Fault, assert } from '../../platform/fault.ts';
import type { Tx } from '../../platform/db.ts';
import type { WorkHandler } from '../../platform/outbox.ts';
import type { BankStep } from '../bank/deps.ts';
import type { TradePorts } from '../trade/ports.ts';
import { admit } from './decide.ts';
import { finish } from './finish.ts';
import { TIME_BOXES } from './lifecycle.ts';
import { advance, lockDispute } from './row.ts';

type Deps = {
  readonly clock: Clock;
  readonly ports: TradePorts;
  readonly stepOf: (tx: Tx) => BankStep;
};

export function disputeWork(deps: Deps): WorkHandler[] {
  return [
    {
      topic: 'dispute.deadline',
      async write(tx, { payload }) {
        const { disputeId, state } = payload;
        assert(typeof disputeId === 'string' && typeof state === 'string', 'a deadline of no dispute');
        await passDeadline(deps.stepOf(tx), deps.ports, { id: disputeId, state });
      },
    },
  ];
}

/** What has moved on meanwhile has a deadline of its own. */
async function passDeadline(
  step: BankStep,
  ports: TradePorts,
  of: { readonly id: string; readonly state: string },
): Promise<void> {
  const { tx, now } = step;
  const locked = await lockDispute(tx, of.id);
  assert(locked, `deadline of unknown dispute ${of.id}`);
  const { row } = locked;
  if (row.state !== of.state) return;
  const then = TIME_BOXES[row.state]?.byTime;
  if (then === 'admit') await admit(tx, null, row.id, now);
  else if (then === 'close_evidence')
    await advance(tx, row, 'close_evidence', { by: null, now, as: 'close_evidence' });
  else if (then === 'finish') {
    const refusal = await finish(step, ports, { ...locked, by: null });
    if (refusal) throw new Fault('internal.error', `dispute ${row.id} cannot be settled: ${refusal.refused}`);
  }
}
