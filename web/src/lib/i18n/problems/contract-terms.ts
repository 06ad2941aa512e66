import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  zh: {
    'contract.terms_refused': '不能按此约定条款。',
    'contract.terms_too_late': '结算已使用这些条款，不能再更改。',
    'contract.not_negotiable': '此合同的条款目前不能更改。',
    'contract.proposal_open': '有一项提议尚未答复，请先答复。',
    'contract.proposal_closed': '此提议已有答复。',
    'contract.proposal_expired': '此提议已过期。',
    'contract.proposal_own': '此提议须由对方答复。',
    'contract.proposal_changed': '这不是您所阅读的提议，请重新打开。',
    'contract.stale_version': '合同已有新版本，请重新打开。',
    'contract.versions_exhausted': '合同版本数已达上限。',
    'contract.proposals_exhausted': '此合同的提议次数已达上限。',
    'contract.amendment_open': '有一份补充协议正在签署，须待其完成。',
    'contract.settlement_not_open': '此合同的结算尚未开始。',
  },
};
