/** Every HTTP route of the exchange, for registration checks, OpenAPI and the access matrix test. */
import { auctionAwardRoutes } from './auction-awards.ts';
import { auctionRecordRoutes } from './auction-record.ts';
import { auctionRoutes } from './auctions.ts';
import { bankRoutes } from './bank.ts';
import { blendRoutes } from './blends.ts';
import { certificateRoutes } from './certificates.ts';
import { contractTermsRoutes } from './contract-terms.ts';
import { contractRoutes } from './contracts.ts';
import { deliveryDocumentRoutes } from './delivery-documents.ts';
import { demoRoutes } from './demo.ts';
import { feeRoutes } from './fees.ts';
import { disputeRoutes } from './disputes.ts';
import { transportRoutes } from './freight-transport.ts';
import { experienceRoutes } from './experience.ts';
import { freightRoutes } from './freight.ts';
import { invoiceRoutes } from './invoices.ts';
import { gateRoutes } from './gate.ts';
import { inspectionRoutes } from './inspection.ts';
import { ledgerStaffRoutes } from './ledger-staff.ts';
import { ledgerRoutes } from './ledger.ts';
import { listingBuyingRoutes } from './listings-buying.ts';
import { listingChannelRoutes } from './listings-channels.ts';
import { listingLifeRoutes } from './listings-life.ts';
import { listingPaperRoutes } from './listings-papers.ts';
import { listingSiteRoutes } from './listings-sites.ts';
import { listingUploadRoutes } from './listings-uploads.ts';
import { listingRoutes } from './listings.ts';
import { logisticsRoutes } from './logistics.ts';
import { longTermRoutes } from './long-term.ts';
import { marketRoutes } from './markets.ts';
import { certificationRoutes } from './members-certification.ts';
import { partyRoutes } from './members-parties.ts';
import { proposalRoutes } from './members-proposals.ts';
import { memberRoutes } from './members.ts';
import { ratingRoutes } from './ratings.ts';
import { reputationRoutes } from './reputation.ts';
import { resultReportRoutes } from './result-report.ts';
import { poolRoutes } from './requests-pools.ts';
import { negotiationRoutes } from './negotiations.ts';
import { requestRoutes } from './requests.ts';
import type { Route } from './route.ts';
import { searchRoutes } from './search.ts';
import { securityRoutes } from './security.ts';
import { settlementRoutes } from './settlement.ts';
import { workRoutes } from './work.ts';
import { stepUpRoutes } from './step-up.ts';
import { trackingRoutes } from './tracking.ts';

export const ROUTES = {
  ...memberRoutes,
  ...certificationRoutes,
  ...partyRoutes,
  ...proposalRoutes,
  ...stepUpRoutes,
  ...listingRoutes,
  ...listingBuyingRoutes,
  ...listingChannelRoutes,
  ...listingLifeRoutes,
  ...listingPaperRoutes,
  ...listingSiteRoutes,
  ...listingUploadRoutes,
  ...requestRoutes,
  ...poolRoutes,
  ...blendRoutes,
  ...negotiationRoutes,
  ...auctionRoutes,
  ...auctionAwardRoutes,
  ...auctionRecordRoutes,
  ...certificateRoutes,
  ...contractRoutes,
  ...contractTermsRoutes,
  ...inspectionRoutes,
  ...logisticsRoutes,
  ...gateRoutes,
  ...trackingRoutes,
  ...deliveryDocumentRoutes,
  ...longTermRoutes,
  ...searchRoutes,
  ...invoiceRoutes,
  ...securityRoutes,
  ...ledgerRoutes,
  ...ledgerStaffRoutes,
  ...feeRoutes,
  ...settlementRoutes,
  ...workRoutes,
  ...ratingRoutes,
  ...reputationRoutes,
  ...experienceRoutes,
  ...resultReportRoutes,
  ...disputeRoutes,
  ...bankRoutes,
  ...marketRoutes,
  ...freightRoutes,
  ...transportRoutes,
  ...demoRoutes,
} as const satisfies Record<string, Route>;
