/** `20.00` → `20`: what a decimal says, and no more. */
export const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
