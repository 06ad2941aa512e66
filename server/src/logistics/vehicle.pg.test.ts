import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Order, Yard } from './testing.ts';

let yard: Yard;
beforeAll(async () => (yard = await Yard.open()));
afterAll(async () => yard.close());

const code = ({ status, body }: { status: number; body: { code?: string } }): string =>
  `${status} ${body.code ?? ''}`.trim();
const pass = async (order: Order, vehicle: string, maximum = '14') =>
  yard.call(order.buyer, 'POST', `/v1/delivery-orders/${order.id}/passes`, {
    plate: '晋B 12345',
    driver: 'Li Qiang',
    vehicle,
    maximum,
  });

describe('a truck of so many axles', () => {
  it('weighs no more than its kind may: three axles rigid 25 t, with a trailer 27 t', async () => {
    const order = await yard.order();
    expect(code(await pass(order, 'rigid_3', '25'))).toBe('422 pass.over_legal');
    const rigid = (await pass(order, 'rigid_3')).body.code;
    const heavy = { gross: '25.001', tare: '12' };
    const over = await yard.weigh(order, rigid, heavy);
    expect([code(over), over.body.accepted]).toEqual(['422 weighing.overloaded', { gross: '25' }]);
    expect(code(await yard.weigh(order, rigid, { ...heavy, vehicle: 'articulated_3' }))).toBe(
      '422 weighing.vehicle_differs',
    );
    expect(code(await yard.weigh(order, rigid, { gross: '25', tare: '12' }))).toBe('201');
    const trailer = (await pass(order, 'articulated_3')).body.code;
    expect(code(await yard.weigh(order, trailer, heavy))).toBe('201');
  });
  it('is named at the scales where its pass does not say', async () => {
    const order = await yard.order();
    const { body } = await yard.pass(order, '40');
    expect(body.vehicle).toBeNull();
    const heavy = { gross: '49.5', tare: '15', vehicle: 'articulated_6' };
    expect(code(await yard.weigh(order, body.code, heavy))).toBe('422 weighing.overloaded');
    expect(code(await yard.weigh(order, body.code, { ...heavy, gross: '49' }))).toBe('201');
  });
  it('shows a weighbridge that counts axles the axles and the limit of its pass', async () => {
    const order = await yard.order();
    const bridge = await yard.device(order.seller, 'weighbridge');
    const { body } = await pass(order, 'rigid_4', '20');
    const photoSha256 = 'a'.repeat(64);
    const weigh = async (kg: number, axles: number) => {
      const at = yard.now.toISOString();
      const weighing = {
        pass: body.code,
        plate: '晋B 12345',
        tare: { kg: 12_000, at, photoSha256 },
        gross: { kg, at, photoSha256, number: yard.fresh('W-'), axles },
      };
      return code(await yard.send('/v1/weighbridge/weighings', bridge.sign('weighing', weighing, yard.now)));
    };
    expect(await weigh(31_000, 6)).toBe('422 weighing.vehicle_differs');
    // On four axles with a trailer 36 t would be lawful.
    expect(await weigh(31_001, 4)).toBe('422 weighing.overloaded');
    expect(await weigh(31_000, 4)).toBe('200');
  });
});
