/** The life of a contract as a table: what is not listed cannot happen. */
import type { ContractState } from '@seam/protocol';

export type ContractMove = 'issue' | 'sign_as_seller' | 'sign_as_buyer' | 'bind' | 'void' | 'refuse';

const contractLifecycle = {
  drafted: { issue: 'issued', void: 'voided' },
  issued: { sign_as_seller: 'seller_signed', void: 'voided', refuse: 'voided' },
  seller_signed: { sign_as_buyer: 'buyer_signed', void: 'voided', refuse: 'voided' },
  // Both parties have signed: neither may withdraw any more, only the centre's seal is missing. The centre
  // may refuse that, by two of its people.
  buyer_signed: { bind: 'binding', refuse: 'voided' },
  binding: {},
  voided: {},
} as const satisfies Record<ContractState, Partial<Record<ContractMove, ContractState>>>;

/** @returns undefined when the move is not possible from `state`. */
export function moveContract(state: ContractState, move: ContractMove): ContractState | undefined {
  const moves: Partial<Record<ContractMove, ContractState>> = contractLifecycle[state];
  return moves[move];
}

/** Who has to act next. */
export const waitsFor = {
  drafted: 'exchange',
  issued: 'seller',
  seller_signed: 'buyer',
  buyer_signed: 'centre',
  binding: null,
  voided: null,
} as const satisfies Record<ContractState, string | null>;
