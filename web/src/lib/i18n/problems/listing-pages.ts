import type { PageProblemTexts } from '../problem-texts.ts';

/** Codes of the fields of forms of lots. */
export const problems: PageProblemTexts = {
  en: {
    mine_several: 'The register has several such mines: choose one.',
    mine_none: 'The register has no such mine. Add it below.',
  },
  zh: {
    mine_several: '名录中有多座这样的煤矿，请选择其一。',
    mine_none: '名录中没有此矿，可在下方新增。',
  },
};
