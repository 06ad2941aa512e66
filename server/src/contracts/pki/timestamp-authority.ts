/** Which timestamp authority contracts are stamped by: another house's where one is named, else our own. */
import fs from 'node:fs';
import { readCertificate } from '@seam/esign';
import { StartError } from '../../platform/start-error.ts';
import { outsideTimestampAuthority } from './outside-timestamps.ts';
import type { TimestampAuthority } from './ports.ts';
import { type Stamping, ownTimestampAuthority } from './timestamps.ts';

/** @throws StartError when an authority is named without a readable root certificate. */
export function timestampAuthority(
  deps: Stamping,
  config: { readonly tsaUrl?: string | undefined; readonly tsaRootFile?: string | undefined },
): TimestampAuthority {
  if (config.tsaUrl === undefined) return ownTimestampAuthority(deps);
  const root = timestampRoot(config.tsaRootFile);
  if (!root) throw new StartError('SEAM_TSA_URL needs SEAM_TSA_ROOT: a file with its root certificate (DER)');
  return outsideTimestampAuthority({ url: config.tsaUrl, roots: [root] });
}

function timestampRoot(file: string | undefined): Uint8Array | undefined {
  if (file === undefined) return undefined;
  try {
    const der = new Uint8Array(fs.readFileSync(file));
    readCertificate(der);
    return der;
  } catch (cause) {
    throw new StartError(`SEAM_TSA_ROOT: ${file} is no readable certificate (DER)`, { cause });
  }
}
