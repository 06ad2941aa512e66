import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type KeyPart, createKeyPart, openWith, publicKeyOf, sealTo } from './index.ts';

let owner: KeyPart;
let exchange: KeyPart;
let publicKey: string;
beforeAll(async () => {
  [owner, exchange] = await Promise.all([createKeyPart(), createKeyPart()]);
  publicKey = publicKeyOf({ owner: owner.publicPart, exchange: exchange.publicPart });
});

describe('a bid under a key in two parts', () => {
  it('opens with both shares to what was sealed, and fits what an auction takes', async () => {
    const text = JSON.stringify({ price: '640', merit: '5,500 kcal/kg · 山西', nonce: 'f'.repeat(128) });
    const ciphertext = await sealTo(publicKey, text);
    expect(await openWith({ owner: owner.share, exchange: exchange.share }, ciphertext)).toBe(text);
    expect(ciphertext).toMatch(/^[0-9A-Za-z+/=]{1,4096}$/);
    expect(publicKey.length).toBeLessThan(2_048);
    expect(owner.share.length).toBeLessThan(8_192);
    expect(owner.shareDigest).toBe(createHash('sha256').update(owner.share).digest('hex'));
    expect(await sealTo(publicKey, text)).not.toBe(ciphertext);
  });

  it('opens to neither alone, nor in the wrong order, nor changed', async () => {
    const ciphertext = await sealTo(publicKey, 'a price');
    const [a, b] = [owner.share, exchange.share];
    for (const shares of [
      { owner: a, exchange: a },
      { owner: b, exchange: b },
      { owner: b, exchange: a },
    ])
      await expect(openWith(shares, ciphertext)).rejects.toThrow();
    const bytes = Buffer.from(ciphertext, 'base64');
    for (const at of [0, 256, 300, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(openWith({ owner: a, exchange: b }, changed.toString('base64'))).rejects.toThrow();
    }
  });
});
