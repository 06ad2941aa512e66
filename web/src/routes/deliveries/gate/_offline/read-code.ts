/** Finds a QR code in a picture: the browser's own reader where it has one, otherwise one that we carry. */
import { decodeQR } from 'qr/decode.js';

type Detector = { detect(source: CanvasImageSource): Promise<{ rawValue: string }[]> };
type DetectorClass = new (options: { formats: string[] }) => Detector;

/** A code of a pass fits well; more pixels only take longer. */
const PIXELS_MAX = 1_200;
/** For each picture of a camera there is another; of a photo there is but one. */
const LOOK_MS = { camera: 60, photo: 2_000 } as const;

let own: Detector | undefined;

function ownReader(): Detector | undefined {
  const Reader = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (Reader) own ??= new Reader({ formats: ['qr_code'] });
  return own;
}

/** @returns undefined where no code is seen. */
export async function readCode(
  picture: HTMLVideoElement | ImageBitmap,
  of: 'camera' | 'photo',
): Promise<string | undefined> {
  const [found] =
    (await ownReader()
      ?.detect(picture)
      .catch(() => [])) ?? [];
  if (found) return found.rawValue;
  const [wide, high] =
    picture instanceof HTMLVideoElement
      ? [picture.videoWidth, picture.videoHeight]
      : [picture.width, picture.height];
  if (wide === 0 || high === 0) return undefined;
  const shrink = Math.min(1, PIXELS_MAX / Math.max(wide, high));
  const [width, height] = [Math.round(wide * shrink), Math.round(high * shrink)];
  const pen = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!pen) return undefined;
  // Where a picture is clear it is paper.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  try {
    return decodeQR(
      { width, height, data: pen.getImageData(0, 0, width, height).data },
      {
        timeLimit: LOOK_MS[of],
      },
    );
  } catch {
    return undefined;
  }
}
