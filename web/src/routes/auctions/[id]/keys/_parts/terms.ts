import type { TermsOf } from '../../../_parts/rules.ts';

export type Terms = TermsOf<'sealed_bid'>;
