/**
 * Ash and sulphur classes of GB/T 15224. The limits of 1994 were read in copies of the standard; editions in
 * force since (15224.1-2018, .2-2021) exist, but their limits were only seen second hand: they are here under
 * their own name, marked, so that nobody takes one for the other.
 */
import type { GradeScheme } from './scheme.ts';

export const CHINA_ASH_1994: GradeScheme = {
  id: 'cn-ash-1994',
  title: 'Ash of coal',
  jurisdiction: 'CN',
  measure: { parameter: 'ash', basis: 'd', unit: '%' },
  edition: 'GB/T 15224.1-94',
  source: 'text of the standard',
  status: 'cited',
  bands: [
    { code: 'SLA', name: '特低灰煤', upTo: '5' },
    { code: 'LA', name: '低灰分煤', above: '5', upTo: '10' },
    { code: 'LMA', name: '低中灰煤', above: '10', upTo: '20' },
    { code: 'MA', name: '中灰分煤', above: '20', upTo: '30' },
    { code: 'MHA', name: '中高灰煤', above: '30', upTo: '40' },
    { code: 'HA', name: '高灰分煤', above: '40', upTo: '50' },
  ],
};

export const CHINA_SULPHUR_1994: GradeScheme = {
  id: 'cn-sulphur-1994',
  title: 'Sulphur of coal',
  jurisdiction: 'CN',
  measure: { parameter: 'sulphur', basis: 'd', unit: '%' },
  edition: 'GB/T 15224.2-94',
  source: 'copy of the standard at mdjjksjc.com up to 1.50; the classes above it by general knowledge',
  status: 'cited',
  bands: [
    { code: 'SLS', name: '特低硫煤', upTo: '0.5' },
    { code: 'LS', name: '低硫分煤', above: '0.5', upTo: '1' },
    { code: 'LMS', name: '低中硫煤', above: '1', upTo: '1.5' },
    { code: 'MS', name: '中硫分煤', above: '1.5', upTo: '2' },
    { code: 'MHS', name: '中高硫煤', above: '2', upTo: '3' },
    { code: 'HS', name: '高硫分煤', above: '3' },
  ],
};

export const CHINA_ASH_NEWER: GradeScheme = {
  id: 'cn-ash-newer',
  title: 'Ash of coal, resource evaluation',
  jurisdiction: 'CN',
  measure: { parameter: 'ash', basis: 'd', unit: '%' },
  edition: 'GB/T 15224.1, later than 1994',
  source: 'an open geological schema',
  status: 'unverified',
  bands: [
    { code: 'SLA', upTo: '10' },
    { code: 'LA', above: '10', upTo: '20' },
    { code: 'MA', above: '20', upTo: '30' },
    { code: 'MHA', above: '30', upTo: '40' },
    { code: 'HA', above: '40' },
  ],
};

export const CHINA_SULPHUR_NEWER: GradeScheme = {
  id: 'cn-sulphur-newer',
  title: 'Sulphur of coal, resource evaluation',
  jurisdiction: 'CN',
  measure: { parameter: 'sulphur', basis: 'd', unit: '%' },
  edition: 'GB/T 15224.2, later than 1994',
  source: 'an open geological schema',
  status: 'unverified',
  bands: [
    { code: 'SLS', upTo: '0.5' },
    { code: 'LS', above: '0.5', upTo: '1' },
    { code: 'MS', above: '1', upTo: '2' },
    { code: 'MHS', above: '2', upTo: '3' },
    { code: 'HS', above: '3' },
  ],
};
