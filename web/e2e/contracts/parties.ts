/** Contracts and certificates made over the wire, so that the browser's time goes to what is tested. */
import { certificateRoutes, contractRoutes, listingRoutes } from '@seam/protocol';
import { expect } from 'vitest';
import { SECOND_STAFF, STAFF } from '../../../server/src/demo/companies.ts';
import { smallLot } from '../../../server/test/trade/goods.ts';
import { type Party, logIn } from '../../../server/test/trade/party.ts';
import { PATIENCE } from '../journey/stage.ts';

/** A lot at a fixed price, taken whole: the contract follows by itself. @returns its id, when it is issued. */
export async function makeContract(seller: Party, buyer: Party): Promise<string> {
  const own = await seller.must(listingRoutes.listOwnListings, { query: {} });
  const { startPrice, ...coal } = smallLot(own.items[0]!.mine.id);
  const lot = await seller.must(listingRoutes.createListing, {
    body: { ...coal, saleMethod: 'fixed_price', price: startPrice! },
  });
  const { contractId } = await buyer.must(listingRoutes.takeListing, {
    params: { id: lot.id },
    body: { quantity: '100', version: lot.version },
  });
  const params = { id: contractId };
  await expect
    .poll(async () => (await seller.must(contractRoutes.contract, { params })).state, PATIENCE)
    .toBe('issued');
  return contractId;
}

export async function staffPair(url: string): Promise<readonly [Party, Party]> {
  return [
    await logIn(url, STAFF.email, STAFF.password),
    await logIn(url, SECOND_STAFF.email, SECOND_STAFF.password),
  ];
}

/** Two of the centre stand behind every request that waits. */
export async function certifyAll(staff: readonly [Party, Party]): Promise<void> {
  const { items } = await staff[0].must(certificateRoutes.certificateRequests);
  for (const { id } of items)
    for (const [index, decision] of (['approve', 'issue'] as const).entries())
      await staff[index]!.must(certificateRoutes.decideCertificateRequest, {
        params: { id },
        body: { decision },
      });
}
