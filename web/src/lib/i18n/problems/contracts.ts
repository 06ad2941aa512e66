import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  en: {
    'certificate.missing': 'You have no valid certificate with this key. See “Signing keys”.',
    'certificate.expired': 'Your certificate has expired. Make a new key and have it certified.',
    'certificate.revoked': 'This certificate is revoked. Make a new key and have it certified.',
    'signing_session.expired': 'This took more than ten minutes. Start the signature again.',
    'signature.invalid':
      'The signature does not fit the certificate and the document. Nothing was signed; start again.',
  },
  zh: {
    'certificate.request_malformed': '证书申请无法读取。',
    'certificate.possession_not_proven': '申请未能证明持有私钥。',
    'certificate.key_weak': '密钥强度不足。',
    'certificate.key_unsupported': '不支持此类密钥。',
    'certificate.key_reused': '该密钥已签发过证书，请重新生成。',
    'certificate.missing': '您没有与该密钥对应的有效证书，请查看“签名密钥”。',
    'certificate.expired': '您的证书已过期。请生成新密钥并申请证书。',
    'certificate.revoked': '该证书已吊销。请生成新密钥并申请证书。',
    'certificate.request_decided': '该申请已处理。',
    'contract.not_your_turn': '尚未轮到您签署。',
    'contract.already_signed': '贵公司已签署。',
    'contract.stale_revision': '合同已有新版本，请重新打开。',
    'contract.not_open': '该合同已不能签署。',
    'contract.not_ready': '文件仍在生成中。',
    'contract.font_missing_glyph': '合同中有字符无法打印。',
    'signing_session.unknown': '签署会话不存在。',
    'signing_session.used': '签署会话已使用。',
    'signing_session.expired': '已超过十分钟，请重新开始签署。',
    'signature.invalid': '签名与证书及文件不符。未签署任何内容，请重新开始。',
  },
};
