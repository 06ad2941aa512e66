/** Two companies that sign contracts in tests, and the coal they trade. */
import type { ContractPorts } from '../ports.ts';
import { STANDARD } from '../templates/standard.ts';
import type { GoodsTerms } from '../terms.ts';

const organisations = {
  seller: {
    name: 'Shanxi Demo Coal Co',
    nameZh: '山西示范煤业有限公司',
    legalId: '91140100MA0KX7T2C2',
    kind: 'uscc' as const,
    country: 'CN',
    person: '王伟',
  },
  buyer: {
    name: 'Harbour Power BV',
    nameZh: null,
    legalId: '529900T8BM49AURSDO55',
    kind: 'lei' as const,
    country: 'NL',
    person: 'Anna de Vries',
  },
};
type Company = (typeof organisations)['seller'] | (typeof organisations)['buyer'];
const known = (id: string): Company | undefined => (organisations as Record<string, Company>)[id];

export const goods = (listingId: string): GoodsTerms => ({
  listingId,
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
  windowFrom: '2026-12-01',
  windowTo: '2026-12-31',
  transport: 'rail',
});

export const companies: ContractPorts = {
  async partyOf(_connection, id) {
    const of = known(id)!;
    return {
      organisationId: id,
      name: of.name,
      nameZh: of.nameZh,
      legalIdKind: of.kind,
      legalId: of.legalId,
      address: '1 Coal Street',
      bankAccount: '6222 0000 0000 0001',
    };
  },
  async certifiedPersonOf(_connection, personId) {
    const side = personId.split('-')[0]!;
    const of = known(side)!;
    return {
      organisationId: side,
      organisationName: of.nameZh ?? of.name,
      country: of.country,
      legalIdKind: of.kind,
      legalId: of.legalId,
      personName: of.person,
      active: true,
    };
  },
  namesOf: async (_connection, ids) =>
    new Map(ids.flatMap((id) => (known(id) ? [[id, known(id)!] as const] : []))),
  personNamesOf: async (_connection, ids) =>
    new Map(ids.map((id) => [id, known(id.split('-')[0]!)?.person ?? id])),
  goodsOf: async (_connection, listingId) => goods(listingId),
  feesOf: async () => ({ ...STANDARD.fees, ...STANDARD.feeRule }),
};
