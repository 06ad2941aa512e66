/** Mines and places as the index holds them. */
import type { Site } from './lot-row.ts';

/** @param view what the wire shows of it: written once, and sent as it is with every lot. */
export function searchSite(of: Omit<Site, 'json'>, view: object): Site {
  const { id, name, nameZh, country, latitude, longitude, region } = of;
  return { id, name, nameZh, country, latitude, longitude, region, json: JSON.stringify(view) };
}
