/** Whether a text tells how to reach somebody past the exchange. */

const PATTERNS = [
  /[\p{L}\p{N}._%+-]+\s*(?:@|＠|\(at\)|\[at\])\s*[\p{L}\p{N}-]+\s*(?:\.|\(dot\)|。)\s*\p{L}{2,}/iu,
  /(?:https?:|www\.)\S+/iu,
  /\b[\p{L}\p{N}-]+\.(?:com|cn|net|org|io|top|vip|in)\b/iu,
  /(?:微信|威信|薇信|wechat|weixin|wx|qq|whatsapp|telegram|电话|手机|tel|phone)\s*(?:号|no|number)?\s*[:：是]?\s*[\p{L}\p{N}_-]*\d{3,}/iu,
] as const;
/** Seven digits and more, however they are broken up, are a telephone number; amounts and tonnes are shorter. */
const NUMBER = /\+?\d(?:[ ()./-]?\d){6,}/g;
const DATE = /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2})$/;
const AMOUNT = /^\d{1,12}\.\d{1,3}$/;

export function hasContactData(text: string): boolean {
  const plain = text.normalize('NFKC');
  if (PATTERNS.some((pattern) => pattern.test(plain))) return true;
  return (plain.match(NUMBER) ?? []).some((digits) => !DATE.test(digits) && !AMOUNT.test(digits));
}
