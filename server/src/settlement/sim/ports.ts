/** What settling needs of others, here out of a company's name alone. */
import type { Currency } from '@seam/units';
import { BANK_BIC } from '../../bank-simulator/deps.ts';
import type { TradePorts } from '../trade/ports.ts';
import { accountOf, nameOf } from './plan.ts';

export const simPorts: TradePorts = {
  namesOf: async (_connection, ids) => new Map(ids.map((id) => [id, { name: nameOf(id), nameZh: null }])),
  creditorOf: async (_connection, id, currency) => ({
    name: nameOf(id),
    account: accountOf(id, currency as Currency),
    bank: { kind: 'bic', code: BANK_BIC },
  }),
};
