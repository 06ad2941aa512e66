import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  en: {
    'certificate.missing': 'You have no valid certificate with this key. See “Signing keys”.',
    'certificate.expired': 'Your certificate has expired. Make a new key and have it certified.',
    'certificate.revoked': 'This certificate is revoked. Make a new key and have it certified.',
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
    'contract.timestamp_unavailable': '时间戳服务不可用，签名已保留，稍后自动重试。',
  },
};
