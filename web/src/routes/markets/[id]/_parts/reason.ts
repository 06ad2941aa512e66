/** Why an order ended, as the dictionary calls it; null for a word of a later exchange. */
const REASONS = [
  'requested',
  'immediate_or_cancel',
  'fill_or_kill',
  'minimum_quantity',
  'self_trade',
  'expired',
  'kill_switch',
  'disconnected',
] as const;

export function reasonKey(reason: string): `reason_${(typeof REASONS)[number]}` | null {
  const known = REASONS.find((one) => one === reason);
  return known === undefined ? null : `reason_${known}`;
}
