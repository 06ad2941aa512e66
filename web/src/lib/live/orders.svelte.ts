/** What was sent to an order book in this visit, newest first, and what became of it; over the socket, else over HTTP. */
import { type LiveSocket, type OrderCommand, type OrderTicket, randomId } from '@seam/client';
import { type CancelOutcome, type OrderOutcome } from '@seam/protocol';
import { call } from '#lib/api/call.ts';

/** Batches are for programs; the connection's own word is the room's. */
export type PageCommand = Extract<
  OrderCommand,
  { t: 'place_order' | 'amend_order' | 'cancel_order' | 'cancel_orders' }
>;
export type SentOutcome =
  | { readonly status: 'pending' }
  | { readonly status: 'accepted'; readonly seq: number; readonly at: string; readonly told: Told }
  | {
      readonly status: 'rejected';
      readonly code: string;
      readonly accepted: Readonly<Record<string, string>>;
    }
  | { readonly status: 'unknown'; readonly code: string | null };
type Told = Omit<OrderOutcome, 'status'> | Omit<CancelOutcome, 'status'>;
export type Sent = {
  readonly id: string;
  readonly command: PageCommand;
  readonly outcome: SentOutcome;
  /** Sends an unknown command again under its id: it can never count twice. */
  readonly askAgain: () => void;
};
export type SentOrders = {
  readonly all: readonly Sent[];
  /** Cancels and changes of one order that are on their way. */
  pendingFor(orderId: number): boolean;
  readonly placing: boolean;
  send(command: PageCommand): void;
  /** What the socket says about one of them. */
  changed(ticket: OrderTicket): void;
};

/** More than anybody looks back on. */
const KEPT = 20;
/** Answers after which the command may be in the journal all the same. */
const UNKNOWN: readonly string[] = [
  'client.unreachable',
  'bid.outcome_unknown',
  'service.unavailable',
  'internal.error',
];

export function sentOrders(of: {
  socket: () => LiveSocket | undefined;
  /** Something was answered; over HTTP nothing else says so. */
  settled: (sent: Sent) => void;
}): SentOrders {
  let all = $state.raw<readonly Sent[]>([]);

  function put(next: Sent): void {
    const known = all.some((one) => one.id === next.id);
    all = known ? all.map((one) => (one.id === next.id ? next : one)) : [next, ...all].slice(0, KEPT);
    if (next.outcome.status !== 'pending') of.settled(next);
  }

  async function post(id: string, command: PageCommand): Promise<void> {
    const again = (): void => void post(id, command);
    put({ id, command, outcome: { status: 'pending' }, askAgain: again });
    const { path, body } = request(command);
    const base = `/v1/instruments/${encodeURIComponent(command.instrumentId)}` as const;
    const result = await call<{ seq: number; at: string; outcome: Told }>(
      globalThis.fetch,
      'POST',
      `${base}/${path}`,
      { body: { commandId: id, ...body } },
    );
    put({ id, command, outcome: outcomeOf(result), askAgain: again });
  }

  const waiting = (command: PageCommand, orderId: number): boolean =>
    command.t === 'cancel_orders' || ('orderId' in command && command.orderId === orderId);

  return {
    get all() {
      return all;
    },
    get placing() {
      return all.some(({ command, outcome }) => command.t === 'place_order' && outcome.status === 'pending');
    },
    pendingFor: (orderId) =>
      all.some(({ command, outcome }) => outcome.status === 'pending' && waiting(command, orderId)),
    send(command) {
      const socket = of.socket();
      if (socket) put(fromTicket(socket.order(command), command));
      else void post(randomId(), command);
    },
    changed(ticket) {
      const known = all.find(({ id }) => id === ticket.id);
      if (known) put(fromTicket(ticket, known.command));
    },
  };
}

/** Path and body of the same command over HTTP. */
function request(command: PageCommand): { path: string; body: object } {
  const { t, instrumentId: _instrument, ...fields } = command;
  switch (t) {
    case 'place_order':
      return { path: 'orders', body: fields };
    case 'cancel_orders':
      return { path: 'cancel-orders', body: fields };
    default: {
      const { orderId, ...rest } = fields as { orderId: number };
      return { path: `orders/${orderId}/${t === 'amend_order' ? 'amend' : 'cancel'}`, body: rest };
    }
  }
}

function fromTicket({ id, outcome, askAgain }: OrderTicket, command: PageCommand): Sent {
  if (outcome.status !== 'accepted') return { id, command, outcome, askAgain };
  const { seq, at, status, ...told } = outcome;
  return { id, command, outcome: { status, seq, at, told: told as Told }, askAgain };
}

type PostResult = Awaited<ReturnType<typeof call<{ seq: number; at: string; outcome: Told }>>>;

function outcomeOf(result: PostResult): SentOutcome {
  if (result.ok) {
    const { seq, at, outcome } = result.data;
    return { status: 'accepted', seq, at, told: outcome };
  }
  const { code, accepted = {} } = result.problem;
  return UNKNOWN.includes(code) ? { status: 'unknown', code } : { status: 'rejected', code, accepted };
}
