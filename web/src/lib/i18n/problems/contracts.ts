import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  en: {
    'signing_session.expired': 'This took more than ten minutes. Start the signature again.',
    'signature.invalid':
      'The signature does not fit the certificate and the document. Nothing was signed; start again.',
  },
  zh: {
    'contract.not_your_turn': '尚未轮到您签署。',
    'contract.already_signed': '贵公司已签署。',
    'contract.stale_revision': '合同已有新版本，请重新打开。',
    'contract.not_open': '该合同已不能签署。',
    'contract.not_ready': '文件仍在生成中。',
    'contract.font_missing_glyph': '合同中有字符无法打印。',
    'contract.press_busy': '文件生成繁忙，请稍后再试。',
    'contract.not_binding': '该合同尚未生效。',
    'contract.refusal_open': '中心已提出拒签该合同。',
    'contract.refusal_none': '尚无人提出拒签该合同。',
    'contract.refusal_second_person': '须由中心的另一人确认。',
    'signature.too_large': '签名数据超过文件中的预留空间。',
    'signature.proof_missing': '本次签署需要通行密钥的应答。',
    'signing_session.unknown': '签署会话不存在。',
    'signing_session.used': '签署会话已使用。',
    'signing_session.expired': '已超过十分钟，请重新开始签署。',
    'signature.invalid': '签名与证书及文件不符。未签署任何内容，请重新开始。',
  },
};
