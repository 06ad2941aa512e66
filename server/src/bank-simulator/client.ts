/** The outside world as demo and tests use it: customers of the bank, its clerk, and its misfortunes. */
import { type HttpBankOptions, signedCall } from '../settlement/bank/http-port.ts';
import type { BankCode } from '../settlement/bank/iso20022/pain001.ts';
import type { FaultKind, FaultRates } from './faults.ts';
import type { PlantKind, Planted } from './plants-kept.ts';

export type CustomerAccount = {
  number: string;
  holderName: string;
  currency: string;
  bank: BankCode;
  balance: string;
};

/** A planted mistake; the amount in major units. */
export type PlantedView = Omit<Planted, 'amount'> & { readonly amount: string };

export type OutsideWorld = {
  openAccount(wanted: {
    holderName: string;
    legalId: string;
    currency: string;
    /** Decimal, major units. */
    openingBalance: string;
    accountNumber?: string;
    bank?: BankCode;
  }): Promise<CustomerAccount>;
  account(number: string): Promise<CustomerAccount>;
  /** Pays the exchange's account in the currency of `fromAccount` unless `toAccount` says another. */
  transfer(wanted: {
    transferId: string;
    fromAccount: string;
    toAccount?: string;
    amount: string;
    reference?: string;
    remittance?: string;
  }): Promise<{ ref: string }>;
  /** Closes the bank's day: a statement for every account of the exchange. */
  endOfDay(): Promise<Record<string, number>>;
  /** The rest needs BANK_FAULTS=on. */
  arm(kind: FaultKind, count?: number): Promise<void>;
  /** Seeded: of 10,000 occasions each. */
  drawFaults(seed: number, rates: FaultRates): Promise<void>;
  rotateKey(oldEnd: 'after_overlap' | 'at_once'): Promise<void>;
  returnPayout(endToEndId: string, reason: string): Promise<{ ref: string }>;
  returnDeposit(ref: string, reason: string): Promise<{ ref: string }>;
  /** What was debited without an order. */
  giveBack(ref: string, reason: string): Promise<{ ref: string }>;
  /** Plants a mistake for reconciliation to find (plants.ts). */
  plant(wish: {
    kind: PlantKind;
    currency: string;
    amount: string;
    reference?: string;
  }): Promise<PlantedView>;
  planted(): Promise<PlantedView[]>;
  /** The bank says right what it said wrong, where a bank can. */
  mend(ids?: readonly number[]): Promise<{ count: number }>;
  redeliver(): Promise<{ count: number }>;
  /** Sends what is late or waits to be overtaken. */
  release(): Promise<{ count: number }>;
};

/** Every method throws a Fault with the bank's answer as its cause when the bank refuses. */
export function outsideWorld(options: HttpBankOptions): OutsideWorld {
  const call = signedCall(options);
  const post = async <T>(path: string, body: object): Promise<T> => {
    const bytes = await call('POST', path, JSON.stringify(body), 'application/json');
    if (!bytes) throw new Error(`the bank has no ${path}`);
    return JSON.parse(Buffer.from(bytes).toString()) as T;
  };
  return {
    openAccount: async (wanted) => post('/v1/accounts', wanted),
    account: async (number) => {
      const bytes = await call('GET', `/v1/accounts/${number}`);
      if (!bytes) throw new Error(`no account ${number}`);
      return JSON.parse(Buffer.from(bytes).toString()) as CustomerAccount;
    },
    transfer: async (wanted) => post('/v1/customer-transfers', wanted),
    endOfDay: async () => post('/v1/end-of-day', {}),
    arm: async (kind, count = 1) => {
      await post('/v1/drill/faults', { kind, count });
    },
    drawFaults: async (seed, rates) => {
      await post('/v1/drill/fault-rates', { seed, rates });
    },
    rotateKey: async (oldEnd) => {
      await post('/v1/drill/key-rotations', { oldEnd });
    },
    returnPayout: async (id, reason) => post('/v1/drill/payout-returns', { id, reason }),
    returnDeposit: async (id, reason) => post('/v1/drill/deposit-returns', { id, reason }),
    giveBack: async (id, reason) => post('/v1/drill/debit-returns', { id, reason }),
    plant: async (wish) => post('/v1/drill/plants', wish),
    planted: async () => {
      const bytes = await call('GET', '/v1/drill/plants');
      return (JSON.parse(Buffer.from(bytes ?? []).toString()) as { items: PlantedView[] }).items;
    },
    mend: async (ids) => post('/v1/drill/mendings', ids ? { ids } : {}),
    redeliver: async () => post('/v1/drill/redeliveries', {}),
    release: async () => post('/v1/drill/releases', {}),
  };
}
