/**
 * Where slices meet: what one needs of another, bound to the other's public functions. Translation only,
 * no rules.
 */
import { createHash } from 'node:crypto';
import type { Sql } from 'postgres';
import {
  type ListingPort,
  type RequestPort,
  barMember,
  barRelated,
  closingEntryOf,
  openAuctions,
} from './auctions/public.ts';
import {
  type Authorities,
  type ContractPorts,
  type JournalEntryOf,
  type SignerProof,
  contractBeforehand,
  openContracts,
} from './contracts/public.ts';
import type { Exchange } from './exchange/exchange.ts';
import {
  type ListingDeps,
  listingById,
  listingForContract,
  markSold,
  releaseFromAuction,
  reserveForAuction,
} from './listings/public.ts';
import {
  type MemberMarkets,
  type OpenBusiness,
  type SignAssertion,
  type SubmitCertification,
  assertPasskey,
  bankAccountOf,
  bankCodeKind,
  confirmBankAccount,
  credentialIdsOf,
  freshProof,
  mayCommit,
  legalPersonOf,
  organisationIsActive,
  oncePartyOf,
  organisationsByIds,
  personById,
  personNamesByIds,
  relyingParty,
} from './members/public.ts';
import type { Clock } from './platform/clock.ts';
import type { Tx } from './platform/db.ts';
import { assert } from './platform/fault.ts';
import { isRefusal } from './platform/refusal.ts';
import { type NegotiationDeps, startAboutAnswer } from './negotiation/public.ts';
import {
  type AccountOf,
  type StartNegotiation,
  bookNegotiated,
  concludeRequest,
  endNegotiation,
  requestsShownTo,
  reserveRequest,
} from './requests/public.ts';
import {
  type LotPort,
  openTrading,
  regroupMember,
  resumeMember,
  stopMember,
  tradeEntryOf,
} from './trading/public.ts';
import {
  type BankFact,
  type BankPort,
  type TradePorts,
  contractFees,
  onPaymentFact,
  openMoney,
} from './settlement/public.ts';

export const contractPorts: ContractPorts = {
  async partyOf(connection, organisationId) {
    // Suspended or expired since the sale: it is bound by it all the same.
    const person = await oncePartyOf(connection, organisationId);
    assert(person, `party ${organisationId} of a contract was never certified`);
    const account = await bankAccountOf(connection, organisationId);
    const { name, nameZh, legalIdKind, legalId, address } = person;
    return {
      organisationId,
      name,
      nameZh,
      legalIdKind,
      legalId,
      address,
      bankAccount: account ? `${account.accountNumber} (${account.bankCode})` : '–',
    };
  },
  async certifiedPersonOf(connection, personId) {
    const found = await personById(connection, personId);
    if (!found?.organisationId) return undefined;
    const legal = await legalPersonOf(connection, found.organisationId);
    if (!legal) return undefined;
    return {
      organisationId: legal.organisationId,
      organisationName: legal.nameZh ?? legal.name,
      country: legal.country,
      legalIdKind: legal.legalIdKind,
      legalId: legal.legalId,
      personName: found.name,
      active: true,
    };
  },
  namesOf: organisationsByIds,
  personNamesOf: personNamesByIds,
  async goodsOf(connection, listingId, version) {
    const terms = await listingForContract(connection, listingId, version);
    assert(terms, `listing ${listingId} of a contract is missing`);
    const { sellerId: _seller, ...goods } = terms;
    return goods;
  },
  feesOf: contractFees,
};

/** `trade:<instrument>:<number>` is how order books name their sales; an auction is named by its own id. */
export const journalEntryOf: JournalEntryOf = async (connection, sale) => {
  if (sale.originKind === 'auction') return closingEntryOf(connection, sale.originId);
  const trade = /^trade:(.+):(\d+)$/.exec(sale.originKey);
  if (!trade) return undefined;
  return tradeEntryOf(connection, { instrumentId: trade[1]!, tradeNumber: Number(trade[2]) });
};

/** @param publicUrl passkeys belong to its host. */
export function signerProof(publicUrl: string): SignerProof {
  const relying = relyingParty(publicUrl);
  return {
    freshProof,
    rpId: relying?.id ?? null,
    credentialIdsOf,
    mayCommit,
    assertPasskey: async (tx, input) => assertPasskey(tx, relying, input),
  };
}

export function auctionListings(clock: Clock): ListingPort {
  return {
    async reserveForAuction(tx, { listingId, sellerId }) {
      const reserved = await reserveForAuction(tx, listingId, sellerId);
      if (isRefusal(reserved)) return reserved;
      return {
        title: `${reserved.mineNameZh ? `${reserved.mineNameZh} ` : ''}${reserved.mineName}`,
        currency: reserved.currency,
        quantityKg: reserved.remainingKg,
      };
    },
    async concludeAuction(tx, { listingId, soldKg }) {
      if (soldKg > 0n) await markSold(tx, listingId, soldKg);
      await releaseFromAuction(tx, listingId, clock.now());
    },
  };
}

/** Whoever publishes or answers names its account; others are shown enough to know it again. */
export const namedAccountOf: AccountOf = async (connection, organisationId) => {
  const account = await bankAccountOf(connection, organisationId);
  if (!account) return undefined;
  const { id, bankName, bankCode, currency, accountNumber } = account;
  return { id, bankName, bankCode, currency, ending: accountNumber.slice(-4) };
};

/** Asked before a direct sale: may this person bind its company so far, and could the contract be made. */
export const saleChecks = (clock: Clock): Pick<ListingDeps, 'mayCommit' | 'contractBeforehand'> => ({
  mayCommit,
  contractBeforehand: async (connection, sale) =>
    contractBeforehand(connection, contractPorts, sale, clock.now()),
});

/** A buyer goes from an answer to its request into a talk with the producer. */
export const startNegotiation =
  (clock: Clock): StartNegotiation =>
  async (tx, of) => ({ negotiationId: await startAboutAnswer(tx, of, clock.now()) });

/** A talk and what it leads to: the answer to a request, and the companies' leave to trade. */
export const negotiationPorts: Pick<NegotiationDeps, 'contracts' | 'isActive' | 'requests' | 'mayCommit'> = {
  contracts: contractPorts,
  isActive: organisationIsActive,
  requests: { book: bookNegotiated, release: endNegotiation },
  mayCommit,
};

export function auctionRequests(clock: Clock): RequestPort {
  return {
    async reserveForAuction(tx, of) {
      const reserved = await reserveRequest(tx, { ...of, now: clock.now() });
      if (isRefusal(reserved)) return reserved;
      const { plantName, plantNameZh, currency, quantityKg } = reserved;
      return { title: `${plantNameZh ? `${plantNameZh} ` : ''}${plantName}`, currency, quantityKg };
    },
    shownTo: requestsShownTo,
    concludeAuction: async (tx, of) => concludeRequest(tx, { ...of, now: clock.now() }),
  };
}

/** A nominated lot is taken off the market, sold in part and put back, all in one transaction. */
export function tradingLots(clock: Clock): LotPort {
  return {
    async sellOwn(tx, { listingId, sellerId, quantityKg, currency, deliveryTerm }) {
      const now = clock.now();
      const terms = await listingForContract(tx, listingId);
      if (terms?.sellerId !== sellerId) return 'not_yours';
      const reserved = await reserveForAuction(tx, listingId, sellerId);
      if (isRefusal(reserved)) return 'not_on_market';
      const row = await listingById(tx, listingId);
      if (!row || row.expiresAt <= now) return 'not_on_market';
      if (reserved.currency !== currency) return 'currency';
      if (terms.deliveryTerm !== deliveryTerm) return 'delivery_term';
      if (reserved.remainingKg < quantityKg) return 'quantity';
      await markSold(tx, listingId, quantityKg);
      await releaseFromAuction(tx, listingId, now);
      return undefined;
    },
  };
}

export const tradePorts: TradePorts = {
  namesOf: organisationsByIds,
  async creditorOf(connection, organisationId, currency) {
    const account = await bankAccountOf(connection, organisationId);
    if (account?.currency !== currency) return undefined;
    return {
      name: account.holderName,
      account: account.accountNumber,
      bank: { kind: account.bankCodeKind, code: account.bankCode },
    };
  },
};

/** Bank request ids begin with the account they are about, and are the same for every try. */
const ACCOUNT_ID_LENGTH = 36;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export function certificationAtBank(port: BankPort): SubmitCertification {
  return async (certification) => {
    const kind = bankCodeKind(certification.bankCode);
    assert(kind, `bank code ${certification.bankCode} was accepted at registration`);
    const attempt = createHash('sha256').update(certification.reference).digest('hex').slice(0, 16);
    await port.submitCertification({
      requestId: `${certification.bankAccountId}-${attempt}`,
      accountNumber: certification.accountNumber,
      bank: { kind, code: certification.bankCode },
      holderName: certification.holderName,
      legalId: certification.legalId,
      currency: certification.currency,
      assertion: {
        payload: base64(certification.assertion.payload),
        signature: base64(certification.assertion.signature),
        certificate: base64(certification.assertion.certificate),
      },
    });
  };
}

/** What the bank told becomes what members and settlement do, in the transaction that learnt it. */
export function onBankFact(clock: Clock) {
  return async (tx: Tx, fact: BankFact): Promise<void> => {
    if (fact.type === 'account_certified') {
      await confirmBankAccount(tx, {
        bankAccountId: fact.requestId.slice(0, ACCOUNT_ID_LENGTH),
        reference: fact.requestId.slice(ACCOUNT_ID_LENGTH + 1),
        confirmed: fact.matched,
        reason: fact.differences.join(', ') || undefined,
        now: clock.now(),
      });
    }
    await onPaymentFact(tx, fact, clock.now());
  };
}

/** A company leaves only when nothing of it is open anywhere. */
export const openBusiness: OpenBusiness = async (tx, organisationId) => ({
  ...(await openTrading(tx, organisationId)),
  ...(await openAuctions(tx, organisationId)),
  ...(await openContracts(tx, organisationId)),
  ...(await openMoney(tx, organisationId)),
});

/** The certification as the bank gets it is signed by the centre. */
export function signAssertion({ centre }: Authorities): SignAssertion {
  return async (payload) => ({
    signature: await centre.signer.sign(payload),
    certificate: centre.certificate,
  });
}

export function memberMarkets(deps: { readonly sql: Sql; readonly exchange: Exchange }): MemberMarkets {
  const trading = { sql: deps.sql, market: deps.exchange };
  const auctions = { sql: deps.sql, market: deps.exchange.gateway };
  return {
    async stop(of) {
      await stopMember(trading, of);
      await barMember(auctions, of);
    },
    resume: async (of) => resumeMember(trading, of),
    async regroup(of) {
      await regroupMember(trading, of);
      await barRelated(auctions, [of.organisationId, ...of.related]);
    },
  };
}
