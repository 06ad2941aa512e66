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
    'certificate.not_approved': '该申请须先由中心一名工作人员批准。',
    'certificate.second_person_needed': '此操作须由中心另一名工作人员完成。',
    'certificate.fingerprint_mismatch': '指纹与该申请不符。',
    'certificate.evidence_missing': '交易中心尚无该证书所属机构的吊销证明，请使用本交易所签发的证书签署。',
    'certificate.challenge_expired': '该挑战码已使用或已过期，请重新获取。',
    'certificate.untrusted_issuer': '该证书不能追溯至交易中心认可的认证机构。',
    'certificate.identity_differs': '证书所载主体与认证档案不一致。',
    'certificate.usage_wrong': '该证书的用途不包括签署文件。',
    'certificate.anchor_unfit': '这不是认证机构的证书。',
    'certificate.anchor_known': '该认证机构已被提交。',
    'contract.timestamp_unavailable': '时间戳服务不可用，签名已保留，稍后自动重试。',
  },
};
