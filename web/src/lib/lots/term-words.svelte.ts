/** The terms of a lot by the names its versions use, in the reader's language. */
import { coal } from '#lib/i18n/coal.ts';
import { listings } from '#lib/i18n/listings.ts';
import { lots } from '#lib/i18n/lots.ts';
import { useMessages } from '#lib/i18n/messages.svelte.ts';

export function useTermWords(): (field: string) => string {
  const l = useMessages(listings);
  const c = useMessages(coal);
  const t = useMessages(lots);
  return (field) => {
    switch (field) {
      case 'totalMoisture':
      case 'inherentMoisture':
      case 'ash':
      case 'volatileMatter':
      case 'sulphur':
      case 'calorificValue':
      case 'hardgroveIndex':
      case 'size':
        return c(field);
      case 'price':
      case 'quantity':
      case 'currency':
      case 'saleMethod':
      case 'deliveryPlace':
      case 'loadPlace':
      case 'window':
      case 'transport':
      case 'note':
      case 'validUntil':
        return l(field);
      case 'startPrice':
        return l('startPricePerTonne');
      case 'deliveryTerm':
        return l('term');
      case 'coalRank':
        return l('rank');
      case 'mineId':
        return l('mine');
      case 'channel':
      case 'tradingDay':
      case 'monthSplit':
        return t(field);
      case 'sessionId':
        return t('session');
      default:
        return t('other');
    }
  };
}
