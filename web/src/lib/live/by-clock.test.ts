import { expect, test } from 'vitest';
import { roomByClock } from './by-clock.ts';

const at = (seconds: number): string => new Date(seconds * 1000).toISOString();
const shared = { state: 'open', startingPrice: '1400.00', quantity: '8000.000', closesAt: at(1600) } as const;
const sale = { seq: 1, at: at(0), bidder: 'Bidder 7', price: '1370.00', quantity: '3000.000', mine: false };
const nothing = { bids: [], awards: [] };

// 1,400 falling by 10 to 1,250: sixteen steps of a hundred seconds.
const dutch = {
  ...shared,
  formatTerms: {
    format: 'dutch',
    pricing: 'pay_as_accepted',
    floorPrice: '1250.00',
    priceDecrement: '10.00',
    stepSeconds: 100,
  },
} as const;

test('a falling price is the one of the step that the time is in, and what is sold is gone', () => {
  expect(roomByClock({ ...dutch, serverTime: at(0) }, nothing)).toMatchObject({
    step: 0,
    price: '1400.00',
    nextPrice: '1390.00',
    endsAt: at(100),
  });
  expect(roomByClock({ ...dutch, serverTime: at(350) }, { bids: [sale], awards: [] })).toMatchObject({
    step: 3,
    price: '1370.00',
    endsAt: at(400),
    remaining: '5000.000',
  });
  expect(roomByClock({ ...dutch, serverTime: at(1599) }, nothing)).toMatchObject({
    step: 15,
    price: '1250.00',
    endsAt: null,
    nextPrice: null,
  });
});

test('a round of a clock costs what the rises before it add up to; the last rise repeats', () => {
  const clock: Omit<Parameters<typeof roomByClock>[0], 'serverTime'> = {
    ...shared,
    closesAt: at(500),
    formatTerms: {
      format: 'clock',
      priceIncrements: ['20.00', '5.00'],
      roundSeconds: 100,
      roundsMax: 5,
      demandVisible: true,
      margin: 'time',
    },
  };
  const round = (seconds: number) => roomByClock({ ...clock, serverTime: at(seconds) }, nothing);
  expect(round(0)).toMatchObject({ round: 1, price: '1400.00', nextPrice: '1420.00', endsAt: at(100) });
  expect(round(250)).toMatchObject({ round: 3, price: '1425.00', nextPrice: '1430.00', endsAt: at(300) });
  expect(round(499)).toMatchObject({ round: 5, price: '1435.00', nextPrice: null, endsAt: at(500) });
});

test('nothing is guessed where more than the time decides, or when the clock stands still', () => {
  const hybrid = {
    ...shared,
    serverTime: at(0),
    formatTerms: {
      format: 'dutch_hybrid',
      stepPercent: '1',
      floorPercent: '20',
      stepSeconds: 300,
      openingPauseSeconds: 0,
      sealedPauseSeconds: 0,
      sealedSeconds: 1,
      bestBidPauseSeconds: 0,
      bestBidSeconds: 1,
      bestBidIncrement: '1.00',
    },
  } as const;
  expect(roomByClock(hybrid, nothing)).toBeNull();
  expect(roomByClock({ ...dutch, state: 'suspended', serverTime: at(0) }, nothing)).toBeNull();
});
