import type { ContractState } from '@seam/protocol';
import { describe, expect, it } from 'vitest';
import { signingSteps } from './steps.ts';

const waitsFor = {
  drafted: 'exchange',
  issued: 'seller',
  seller_signed: 'buyer',
  buyer_signed: 'centre',
  binding: null,
  voided: null,
} as const;
const KINDS = ['issued', 'sig_seller', 'sig_buyer', 'sig_centre'];

function contract(state: ContractState, revisions: number) {
  return {
    state,
    waitsFor: waitsFor[state],
    signBy: '2026-11-26T00:00:00Z',
    boundAt: state === 'binding' ? '2026-11-23T05:00:00Z' : null,
    createdAt: '2026-11-23T00:00:00Z',
    revisions: KINDS.slice(0, revisions).map((kind, n) => ({
      n,
      kind,
      sha256: '',
      signedAt: n === 0 ? null : `2026-11-23T0${n}:00:00Z`,
      signer: n === 1 ? 'Wang Wei' : null,
      stampedAt: null,
      proof: null,
      certificateSerial: null,
    })),
  };
}
const states = (...args: Parameters<typeof contract>) =>
  signingSteps(contract(...args)).map(({ state }) => state);

describe('the steps of a contract', () => {
  it('go from issued over three signatures to binding', () => {
    expect(states('drafted', 0)).toEqual(['current', 'todo', 'todo', 'todo', 'todo']);
    expect(states('issued', 1)).toEqual(['done', 'current', 'todo', 'todo', 'todo']);
    expect(states('seller_signed', 2)).toEqual(['done', 'done', 'current', 'todo', 'todo']);
    expect(states('buyer_signed', 3)).toEqual(['done', 'done', 'done', 'current', 'todo']);
    expect(states('binding', 4)).toEqual(['done', 'done', 'done', 'done', 'done']);
  });

  it('say when and by whom each was done, and by when the next is due', () => {
    const steps = signingSteps(contract('seller_signed', 2));
    expect(steps[1]).toMatchObject({ signer: 'Wang Wei', at: '2026-11-23T01:00:00Z', due: false });
    expect(steps[2]).toMatchObject({ at: '2026-11-26T00:00:00Z', due: true });
  });

  it('stop with a problem where a void contract stopped, and promise nothing after it', () => {
    expect(states('voided', 0)).toEqual(['problem', 'todo', 'todo', 'todo']);
    expect(states('voided', 1)).toEqual(['done', 'problem', 'todo', 'todo']);
    expect(states('voided', 2)).toEqual(['done', 'done', 'problem', 'todo']);
  });
});
