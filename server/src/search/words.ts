/**
 * Text that a visitor types against names: each word must begin a word of a name. Chinese has no spaces
 * between words, so there a word may begin at any character.
 */
import type { Seller, Site } from './lot-row.ts';
import type { Register } from './lots.ts';

/** More words than this make no search better; each is a bit of one byte. */
export const WORDS_MAX = 8;
const CHINESE = /[\u3400-\u9fff]/;

export function wordsOf(text: string): string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** The names of a register, cut into words; made again when a name came or changed. */
export class NameWords<T extends Site | Seller> {
  readonly #register: Register<T>;
  readonly #namesOf: (item: T) => readonly string[];
  #words: (readonly string[])[] = [];
  #edition = -1;

  constructor(register: Register<T>, namesOf: (item: T) => readonly string[]) {
    this.#register = register;
    this.#namesOf = namesOf;
  }

  /** Of each item, a bit for each of `wanted` that begins one of its words. */
  hits(wanted: readonly string[]): Uint8Array {
    if (this.#edition !== this.#register.edition) {
      this.#words = this.#register.items.map((item) => this.#namesOf(item).flatMap(wordsOf));
      this.#edition = this.#register.edition;
    }
    const hits = new Uint8Array(this.#words.length);
    wanted.forEach((word, bit) => {
      const inside = CHINESE.test(word);
      this.#words.forEach((words, code) => {
        const isHit = words.some((own) => (inside ? own.includes(word) : own.startsWith(word)));
        if (isHit) hits[code]! |= 1 << bit;
      });
    });
    return hits;
  }
}

export const namesOfSite = (site: Site): string[] => [site.name, site.nameZh ?? '', site.region];
export const namesOfSeller = (seller: Seller): string[] => [seller.name, seller.nameZh ?? ''];
