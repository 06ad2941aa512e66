/** What a buyer compares offers by, and what is too dear or too cheap. */
import type { Rules, Say, TermsOf } from './rules.ts';
import { trimmed } from './trimmed.ts';

type Buying = Pick<TermsOf<'reverse_open'>, 'scoring' | 'award' | 'floorPrice'>;

export function buyingRules(rules: Rules, terms: Buying, say: Say): string[] {
  return [say.t('reverseFrom', { price: say.price(rules.startingPrice) }), ...scoringRules(terms, say)];
}

export function scoringRules({ scoring, award, floorPrice }: Buying, say: Say): string[] {
  const { t } = say;
  const shares = award.mode === 'shares' ? award.percents.map((one) => say.percent(trimmed(one))) : [];
  return [
    scoreRule(scoring, say),
    award.mode === 'shares' ? t('awardShares', { shares: shares.join(' · ') }) : t('awardQuantity'),
    ...(floorPrice === null ? [] : [t('floorRefuse', { price: say.price(floorPrice) })]),
  ];
}

function scoreRule(scoring: Buying['scoring'], { t }: Say): string {
  switch (scoring.mode) {
    case 'price':
      return t('scorePrice');
    case 'energy': {
      const unit = heatUnit(scoring);
      return t('scoreEnergy', {
        reference: `${scoring.calorificReference} ${unit}`,
        minimum: `${scoring.calorificMinimum} ${unit}`,
      });
    }
    case 'mixed':
      return t('scoreMixed', {
        from: trimmed(scoring.coefficientMinimum),
        to: trimmed(scoring.coefficientMaximum),
      });
  }
}

/** `kcal/kg (net as received)` is for the page to spell out; here the short sign of basis and unit. */
export function heatUnit({
  unit,
  basis,
}: Pick<Extract<Buying['scoring'], { mode: 'energy' }>, 'unit' | 'basis'>): string {
  return `${unit === 'kcal_per_kg' ? 'kcal/kg' : 'J/g'} ${basis.toUpperCase()}`;
}

export function reserveRule({ direction, hasReserve, reservePrice }: Rules, say: Say): string[] {
  if (!hasReserve && reservePrice === null) return [];
  if (reservePrice === null) return [say.t(direction === 'buy' ? 'reserveHiddenBuy' : 'reserveHidden')];
  const price = say.price(reservePrice);
  return [direction === 'buy' ? say.t('reserveOpenBuy', { price }) : say.t('reserveOpen', { price })];
}
