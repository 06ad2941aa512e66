/** The only file that constructs: what the slices share, made once and handed to them. */
import path from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import type { Sql } from 'postgres';
import { type OutsideWorld, outsideWorld } from './bank-simulator/client.ts';
import {
  type ListingPort,
  type RequestPort,
  auctionProjection,
  auctionWork,
  recordProjection,
} from './auctions/public.ts';
import {
  type Authorities,
  type ContractPorts,
  type SealingDeps,
  type SignerProof,
  contractFacts,
  contractWork,
  createSale,
  openAuthorities,
  openKeyVault,
  openContractFiles,
  openPress,
  ownCertificateAuthority,
  timestampAuthority,
} from './contracts/public.ts';
import { type Exchange, createExchange } from './exchange/exchange.ts';
import { FreightBook, type FreightDeps, freightWork } from './freight/public.ts';
import { type ListingDeps, type LotReader, openLotReader, withImported } from './listings/public.ts';
import { listingWork } from './listings/work.ts';
import { carriageWork } from './carriage/public.ts';
import { type PassKey, logisticsWork, passKey } from './logistics/public.ts';
import { longTermWork } from './longterm/public.ts';
import { authenticate, isCarrier, organisationsByIds, personNamesByIds } from './members/public.ts';
import { smtpMailer } from './mail/public.ts';
import { membersWork } from './members/work.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import { negotiationWork } from './negotiation/public.ts';
import type { Tx } from './platform/db.ts';
import type { WorkHandler } from './platform/outbox.ts';
import type { Authenticate } from './platform/principal.ts';
import { installationSecret } from './platform/secrets.ts';
import {
  auctionListings,
  auctionRequests,
  certificationAtBank,
  contractPorts,
  journalEntryOf,
  memberMarkets,
  namedAccountOf,
  negotiationPorts,
  onBankFact,
  signAssertion,
  signerProof,
  saleChecks,
  startNegotiation,
  tradePorts,
  tradingLots,
} from './ports.ts';
import type { HttpDeps } from './platform/http.ts';
import { qualityWork } from './quality/public.ts';
import { type Blender, type RequestDeps, openBlender, requestWork } from './requests/public.ts';
import { Search, type SearchMail, type SearchOptions, alertWork } from './search/public.ts';
import {
  type BankDeps,
  type TradePorts,
  disputeWork,
  exchangeKey,
  httpBankPort,
  invoiceWork,
  settlementStage,
  stepOf,
  tradeWork,
} from './settlement/public.ts';
import { type LotPort, tradingProjection, tradingWork } from './trading/public.ts';

export type Deps = {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: FastifyBaseLogger;
  readonly publicUrl: string;
  readonly authenticate: Authenticate;
  readonly exchange: Exchange;
  readonly authorities: Authorities;
  readonly bank: BankDeps;
  readonly stepOf: (tx: Tx) => ReturnType<typeof stepOf>;
  readonly listings: Omit<ListingDeps, keyof HttpDeps | 'clock'>;
  readonly requests: Pick<RequestDeps, 'accountOf' | 'search' | 'startNegotiation'>;
  readonly search: Search;
  readonly searchOptions: SearchOptions;
  /** Undefined: this exchange sends no mail. */
  readonly searchMail: SearchMail | undefined;
  /** Signs the links of letters that stop letters; they work also where none are sent any more. */
  readonly mailSecret: string;
  readonly freight: Pick<FreightDeps, 'book' | 'isCarrier' | 'contractOf'>;
  readonly auctionListings: ListingPort;
  readonly auctionRequests: RequestPort;
  readonly contractPorts: ContractPorts;
  /** The press, the authorities and the clock that contracts are signed with. */
  readonly signing: SealingDeps;
  readonly signerProof: SignerProof;
  readonly blender: Blender;
  readonly lotReader: LotReader;
  readonly tradePorts: TradePorts;
  readonly tradingLots: LotPort;
  readonly namesOf: typeof organisationsByIds;
  readonly personNamesOf: typeof personNamesByIds;
  readonly passKey: PassKey;
  readonly pseudonymSecret: string;
  readonly handlers: readonly WorkHandler[];
  readonly demo: boolean;
  /** Customers of the bank; only the demo lets them act through us. */
  readonly world: OutsideWorld;
  /** Set once the job worker runs; until then the first sweep finds what is due. */
  wake: () => void;
};

export async function buildDeps(input: {
  config: Pick<Config, 'publicUrl' | 'dataDir' | 'pkiKey' | 'demo'> &
    Partial<Pick<Config, 'tsaUrl' | 'tsaRootFile' | 'mail'>>;
  sql: Sql;
  databaseUrl: string;
  bankUrl: string;
  bankSecret: string;
  log: FastifyBaseLogger;
}): Promise<Deps> {
  const { config, sql, log } = input;
  const clock = systemClock;
  const pki = path.join(config.dataDir, 'pki');
  const authorities = await openAuthorities(
    sql,
    openKeyVault({ directory: pki, key: config.pkiKey }),
    pki,
    Date.now(),
    config.publicUrl,
  );
  const pseudonymSecret = await installationSecret(sql, 'pseudonyms');
  const exchange = await createExchange({
    url: input.databaseUrl,
    sql,
    projections: [auctionProjection, recordProjection(pseudonymSecret), tradingProjection],
    pseudonymSecret,
    log,
    onHalted: (shard, error) =>
      log.fatal({ err: error, shard }, 'a market stands still until a person has looked'),
  });
  const keys = [exchangeKey(await installationSecret(sql, 'bank-requests'))];
  const port = httpBankPort({ url: input.bankUrl, secret: input.bankSecret, keys, clock });
  const bank: BankDeps = {
    sql,
    clock,
    log,
    secrets: [input.bankSecret],
    keys,
    port,
    onFact: onBankFact(clock),
    wake: () => deps.wake(),
  };
  const authority = ownCertificateAuthority(sql, authorities);
  const { centre } = authorities;
  const signing: SealingDeps = {
    sql,
    clock,
    press: openPress({ databaseUrl: input.databaseUrl }),
    files: openContractFiles({ databaseUrl: input.databaseUrl }),
    authority,
    revocation: authority,
    tsa: timestampAuthority({ sql, authorities, clock }, config),
    centre: { certificate: centre.certificate, sign: centre.signer.sign },
  };
  const lots = auctionListings(clock);
  const requests = auctionRequests(clock);
  const book = new FreightBook({ sql, clock });
  const step = (tx: Tx): ReturnType<typeof stepOf> => stepOf(bank, tx);
  const searchOptions = {
    sql,
    clock,
    log,
    organisations: withImported(organisationsByIds),
    freight: book,
  };
  const search = new Search(searchOptions);
  const mailSecret = await installationSecret(sql, 'mail-links');
  const mailer = config.mail && smtpMailer({ url: config.mail.smtpUrl, from: config.mail.mailFrom });
  const searchMail = mailer && {
    mailer,
    secret: mailSecret,
    publicUrl: config.publicUrl,
    search,
    options: searchOptions,
  };
  const deps: Deps = {
    sql,
    clock,
    log,
    publicUrl: config.publicUrl,
    authenticate: authenticate(sql, clock),
    exchange,
    authorities,
    bank,
    stepOf: step,
    listings: {
      organisations: organisationsByIds,
      createSale,
      ...saleChecks(clock),
      freight: book,
      personNames: personNamesByIds,
    },
    requests: { accountOf: namedAccountOf, search, startNegotiation: startNegotiation(clock) },
    search,
    searchOptions,
    searchMail,
    mailSecret,
    freight: { book, isCarrier, contractOf: contractFacts },
    auctionListings: lots,
    auctionRequests: requests,
    contractPorts,
    signing,
    signerProof: signerProof(config.publicUrl),
    blender: openBlender(),
    lotReader: openLotReader(),
    tradePorts,
    tradingLots: tradingLots(clock),
    namesOf: organisationsByIds,
    personNamesOf: personNamesByIds,
    passKey: passKey(await installationSecret(sql, 'pickup-passes')),
    pseudonymSecret,
    handlers: [
      ...membersWork({
        sql,
        clock,
        submitCertification: certificationAtBank(port),
        signAssertion: signAssertion(authorities),
        markets: memberMarkets({ sql, exchange }),
        mailer,
        publicUrl: config.publicUrl,
      }),
      ...listingWork({ clock }),
      ...requestWork({
        clock,
        search,
        freight: book,
        accountOf: namedAccountOf,
        organisations: organisationsByIds,
      }),
      ...freightWork({ clock }),
      ...alertWork(searchMail),
      ...negotiationWork({ clock, requests: negotiationPorts.requests }),
      ...auctionWork({ sql, market: exchange.gateway, listings: lots, requests }),
      ...tradingWork({ sql, market: exchange }),
      ...contractWork({
        ...signing,
        ports: contractPorts,
        publicUrl: config.publicUrl,
        journalEntryOf,
        stageOf: settlementStage,
      }),
      ...logisticsWork({ clock }),
      ...qualityWork({ clock }),
      ...carriageWork({ clock }),
      ...longTermWork({ clock }),
      ...invoiceWork({ clock }),
      ...tradeWork({ clock, ports: tradePorts, stepOf: step }),
      ...disputeWork({ clock, ports: tradePorts, stepOf: step }),
    ],
    demo: config.demo,
    world: outsideWorld({ url: input.bankUrl, secret: input.bankSecret, clock }),
    wake: () => {},
  };
  return deps;
}
