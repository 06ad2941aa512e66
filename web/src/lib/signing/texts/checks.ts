import type { CheckCode } from '@seam/esign/browser';
import { dictionary } from '#lib/i18n/dictionary.ts';
import type { KeyCode } from '../sign.ts';

type Codes = CheckCode | KeyCode | 'WEAK_PASSPHRASE';

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
    NO_PASSPHRASE: 'This key has no passphrase: only its passkey opens it.',
    WRONG_PASSKEY: 'This passkey does not open the key.',
    PASSKEY_CANCELLED:
      'The passkey was not used: it was cancelled, took too long, or is not at hand. Try again.',
    PASSKEY_NO_PRF: 'This passkey cannot seal keys. Use a passphrase, or another passkey.',
    PASSKEY_ALREADY_HERE:
      'There is a passkey of yours on this device already. Use a passphrase for this key.',
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
    NO_PASSPHRASE: '该密钥没有口令，只能用其通行密钥打开。',
    WRONG_PASSKEY: '该通行密钥无法打开此密钥。',
    PASSKEY_CANCELLED: '未使用通行密钥：已取消、超时或不在手边。请重试。',
    PASSKEY_NO_PRF: '该通行密钥不能用于加密密钥。请使用口令或其他通行密钥。',
    PASSKEY_ALREADY_HERE: '本设备上已有您的通行密钥。请为该密钥使用口令。',
    ENVELOPE_MALFORMED: '本机保存的密钥无法读取。请用备份恢复，或重新生成。',
  },
});
