import { expect, test } from 'vitest';
import { bodyOf, commandOf } from './command.ts';

function form(values: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
}

test('a plain form becomes the same command that the socket would carry', () => {
  expect(commandOf(form({ t: 'state_quantity', round: '3', quantity: '1,200' }))).toEqual({
    command: { t: 'state_quantity', round: 3, quantity: '1200' },
  });
  expect(commandOf(form({ t: 'accept_price', step: '4', price: '760.00', quantity: '200' }))).toEqual({
    command: { t: 'accept_price', step: 4, price: '760.00', quantity: '200' },
  });
  expect(commandOf(form({ t: 'offer_price', cancel: 'yes', price: '' }))).toEqual({
    command: { t: 'offer_price', price: null },
  });
  expect(
    commandOf(
      form({
        t: 'place_offer',
        price: '642',
        quantity: '500',
        merit: 'energy',
        calorificValue: '5500',
        freight: '58',
        expectedPenalties: '',
      }),
    ),
  ).toEqual({
    command: {
      t: 'place_offer',
      price: '642',
      quantity: '500',
      merit: { mode: 'energy', calorificValue: 5500, freight: '58', expectedPenalties: '0' },
    },
  });
});

test('what is missing is named, and a form of no known kind sends nothing', () => {
  expect(commandOf(form({ t: 'place_bid', price: '', quantity: '5' }))).toEqual({
    fields: { price: 'field.required' },
  });
  expect(commandOf(form({ t: 'reveal_bid', price: '1' }))).toEqual({ fields: { t: 'field.invalid' } });
});

test('over HTTP the kind is called type and the id goes along', () => {
  expect(bodyOf('command-1', { t: 'withdraw_turn_offer' })).toEqual({
    type: 'withdraw_turn_offer',
    commandId: 'command-1',
  });
});
