/** A map that can be moved: what is in the middle and how near it is. Pure: drawing is the page's. */
export type MapPoint = { readonly latitude: number; readonly longitude: number };
export type View = { readonly middle: MapPoint; readonly zoom: number };

export const WORLD: View = { middle: { latitude: 20, longitude: 60 }, zoom: 1 };
export const ZOOM_MAX = 64;

/** A place by its id, or a point as it is written in an address. */
export function pointOf(
  text: string | undefined,
  points: Readonly<Record<string, MapPoint>>,
): MapPoint | undefined {
  if (text === undefined) return undefined;
  const [latitude = Number.NaN, longitude = Number.NaN] = text.split(',').map(Number);
  if (!text.includes(',')) return points[text];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}

export function zoomed({ middle, zoom }: View, factor: number): View {
  return { middle, zoom: Math.min(ZOOM_MAX, Math.max(1, zoom * factor)) };
}

/** Moved by degrees; round the world is the same place again, over the pole nothing is. */
export function moved({ middle, zoom }: View, byLatitude: number, byLongitude: number): View {
  const longitude = ((((middle.longitude + byLongitude + 180) % 360) + 360) % 360) - 180;
  const latitude = Math.min(80, Math.max(-80, middle.latitude + byLatitude));
  return { middle: { latitude, longitude }, zoom };
}

/** How large a dot is: its area grows with the lots. */
export function dotRadius(lots: number, most: number): number {
  return 3 + 9 * Math.sqrt(lots / Math.max(1, most));
}

/** All points, with room around them. */
export function viewOf(points: readonly MapPoint[]): View {
  if (points.length === 0) return WORLD;
  const latitudes = points.map(({ latitude }) => latitude);
  const longitudes = points.map(({ longitude }) => longitude);
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
  const zoom = Math.min(240 / Math.max(8, east - west), 90 / Math.max(6, north - south));
  return zoomed(
    { middle: { latitude: (south + north) / 2, longitude: (west + east) / 2 }, zoom: Math.min(12, zoom) },
    1,
  );
}
