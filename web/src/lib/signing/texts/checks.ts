import type { CheckCode } from '@seam/esign/browser';
import { dictionary } from '#lib/i18n/dictionary.ts';

type Codes = CheckCode | 'WRONG_PASSPHRASE' | 'WEAK_PASSPHRASE' | 'ENVELOPE_MALFORMED';

/** Why this browser does not sign, in words; every code of the signing code is here. */
export const checks = dictionary({
  en: {
    APPROVED_REVISION_CHANGED:
      'The file to sign does not begin with the contract that you have read on this page. Something in it was changed.',
    APPROVED_REVISION_BOUNDARY:
      'The contract that you have read ends in the middle of a revision of the file to sign.',
    UNEXPECTED_CHANGE_IN_INCREMENT:
      'The file to sign adds something to the contract besides your signature, for example on a page.',
    BYTERANGE_NOT_WHOLE_FILE: 'Your signature would not cover the whole file.',
    GAP_NOT_EMPTY_PLACEHOLDER: 'The place for your signature is not empty.',
    WRONG_FIELD: 'The file asks for the signature of another party, not for yours.',
    CERT_NOT_FOR_THIS_KEY: 'The certificate does not belong to the key on this device.',
    WRONG_PASSPHRASE: 'This passphrase does not open the key.',
    WEAK_PASSPHRASE: 'At least 12 characters.',
    ENVELOPE_MALFORMED: 'The stored key cannot be read. Restore it from its backup, or make a new one.',
  } satisfies Record<Codes, string>,
  zh: {
    APPROVED_REVISION_CHANGED: '待签文件的开头与您在本页阅读的合同不一致，其中有内容被改动。',
    APPROVED_REVISION_BOUNDARY: '您阅读的合同在待签文件中并非完整的版本。',
    UNEXPECTED_CHANGE_IN_INCREMENT: '待签文件除您的签名外还添加了其他内容，例如改动了页面。',
    BYTERANGE_NOT_WHOLE_FILE: '您的签名不会覆盖整个文件。',
    GAP_NOT_EMPTY_PLACEHOLDER: '预留给您签名的位置不是空的。',
    WRONG_FIELD: '该文件要求的是另一方的签名，而不是您的。',
    CERT_NOT_FOR_THIS_KEY: '证书与本设备上的密钥不符。',
    WRONG_PASSPHRASE: '口令无法打开该密钥。',
    WEAK_PASSPHRASE: '至少 12 个字符。',
    ENVELOPE_MALFORMED: '本机保存的密钥无法读取。请用备份恢复，或重新生成。',
  },
});
