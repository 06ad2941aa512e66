import { describe, expect, it } from 'vitest';
import { isFromForm, readAddress, shownColumns, showOf, toAddress, without } from './query.ts';

const form = (fields: Readonly<Record<string, string | readonly string[]>>): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const each of typeof value === 'string' ? [value] : value) data.append(name, each);
  return data;
};
const read = (address: string) => readAddress(new URLSearchParams(address));

describe('the address of a form', () => {
  it('holds the question as the exchange is asked it, without what is empty or as it would be anyway', () => {
    const address = toAddress(
      form({
        text: ' 塔山 ',
        'min.ash': '',
        'max.ash': '12.5',
        'on.ash': 'd',
        'min.net': '5,500',
        'max.net': '',
        'on.net': 'ar',
        'max.hardgrove': '45',
        heat: 'kcal/kg',
        country: ['CN', 'ID'],
        rank: '',
        source: 'offers',
        to: 'plant-1',
        sort: 'landed_cost',
      }),
    );
    expect(Object.fromEntries(address)).toEqual({
      text: '塔山',
      to: 'plant-1',
      sort: 'landed_cost',
      country: 'CN,ID',
      ranges: 'net:ar:5500~:kcal/kg,ash:d:~12.5,hardgrove::~45',
    });
    expect(isFromForm(address)).toBe(false);
  });

  it('is the same again when what it says is sent again', () => {
    const address = 'ranges=gross%3Aad%3A22~26%3AMJ%2Fkg&near=31.2%2C121.5&radiusKm=800&basis=d&heat=MJ%2Fkg';
    const find = read(address);
    expect(find.heat).toBe('MJ/kg');
    const again = toAddress(
      form({
        'min.gross': find.ranges.gross!.low,
        'max.gross': find.ranges.gross!.high,
        'on.gross': find.ranges.gross!.basis,
        heat: find.heat,
        basis: find.basis,
        nearPoint: find.query['near']!,
        radiusKm: find.query['radiusKm']!,
      }),
    );
    expect(new Set(again)).toEqual(new Set(new URLSearchParams(address)));
  });

  it('is around the plant when a radius is given and no other middle', () => {
    expect(toAddress(form({ to: 'plant-1', radiusKm: '300' })).get('near')).toBe('plant-1');
  });

  it('lets no number break out of its range', () => {
    expect(toAddress(form({ 'max.ash': '9~1:x', 'on.ash': 'nonsense' })).get('ranges')).toBe('ash:ar:~9 1 x');
  });
});

describe('an address', () => {
  it.each(['min.ash=1', 'text=', 'country=CN&country=ID', 'toPoint=1,2'])('%s is a form’s', (address) => {
    expect(isFromForm(new URLSearchParams(address))).toBe(true);
  });

  it('loses one condition and all that hangs on it', () => {
    const find = read(
      'ranges=ash:d:~12,net:ar:5000~:kcal/kg&near=p&radiusKm=5&to=x&landedMax=9&sort=landed_cost',
    );
    expect(without(find, 'ranges.ash').get('ranges')).toBe('net:ar:5000~:kcal/kg');
    expect(without(find, 'near').has('radiusKm')).toBe(false);
    const bare = without(find, 'to');
    expect(['to', 'landedMax', 'sort'].some((name) => bare.has(name))).toBe(false);
  });

  it('shows what is asked for on the basis asked for, all else on the chosen one where it has it', () => {
    const columns = shownColumns(read('basis=daf&ranges=ash:d:~12,hardgrove::45~'));
    expect(showOf(columns, 'MJ/kg')).toBe(
      'net:ar:MJ/kg,totalMoisture:ar,ash:d,sulphur:daf,volatileMatter:daf,hardgrove:',
    );
  });
});
