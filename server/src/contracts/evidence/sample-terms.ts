/** The terms of the sample contract: two companies that do not exist, and a cargo between them. */
import type { CertifiedSubject } from '@seam/esign';
import { newId } from '../../platform/id.ts';
import { type GoodsTerms, type PartyTerms, contractTerms } from '../terms.ts';

const SELLER: PartyTerms = {
  organisationId: 'sample-seller',
  name: 'Sample Shanxi Coal Co., Ltd.',
  nameZh: '样例山西煤业有限公司',
  legalIdKind: 'uscc',
  legalId: '91140100MA0KX7T2C2',
  address: '1 Yingze Street, Taiyuan',
  bankAccount: '6222 0000 0000 0001',
};
const BUYER: PartyTerms = {
  organisationId: 'sample-buyer',
  name: 'Sample Harbour Power BV',
  nameZh: null,
  legalIdKind: 'lei',
  legalId: '529900T8BM49AURSDO55',
  address: '1 Harbour Road, Rotterdam',
  bankAccount: 'NL91 ABNA 0417 1643 00',
};

function goods(at: Date): GoodsTerms {
  const day = (after: number): string =>
    new Date(at.getTime() + after * 86_400_000).toISOString().slice(0, 10);
  return {
    listingId: 'sample-listing',
    listingVersion: 1,
    coalRank: 'bituminous',
    mine: { name: 'Datong', nameZh: '大同', country: 'CN' },
    assay: {
      totalMoisture: { basisPoints: 1200, basis: 'ar' },
      ash: { basisPoints: 1500, basis: 'ar' },
      sulphur: { basisPoints: 60, basis: 'ar' },
      calorificValue: { joulesPerGram: 23_000, kind: 'net', basis: 'ar' },
    },
    deliveryTerm: 'fob',
    deliveryPlace: { name: 'Qinhuangdao', nameZh: '秦皇岛' },
    windowFrom: day(10),
    windowTo: day(40),
    transport: 'rail',
  };
}

function subject(of: PartyTerms, country: string, person: string): CertifiedSubject {
  const scheme = of.legalIdKind === 'uscc' ? 'NTRCN' : 'LEIXG';
  return {
    country,
    organization: of.nameZh ?? of.name,
    organizationIdentifier: `${scheme}-${of.legalId}`,
    person,
  };
}

export function sampleTerms(at: Date) {
  const terms = contractTerms({
    contractId: newId(),
    number: `SC-${at.toISOString().slice(0, 10).replaceAll('-', '')}-SAMPLE`,
    issuedAt: at,
    origin: { kind: 'listing', id: 'sample', saleId: newId() },
    seller: SELLER,
    buyer: BUYER,
    goods: goods(at),
    quantityKg: 5_000_000n,
    pricePerTonne: 61_250n,
    currency: 'CNY',
  });
  return {
    terms,
    subjects: { seller: subject(SELLER, 'CN', '王伟'), buyer: subject(BUYER, 'NL', 'Anna de Vries') },
  };
}
