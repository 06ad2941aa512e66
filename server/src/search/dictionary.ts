/** Words as small numbers, so that columns hold numbers and a condition on a word is a look into an array. */
export class Dictionary {
  readonly values: string[] = [];
  readonly #codes = new Map<string, number>();

  /** The number of `value`, given now when it has none. */
  code(value: string): number {
    const known = this.#codes.get(value);
    if (known !== undefined) return known;
    const code = this.values.length;
    this.values.push(value);
    this.#codes.set(value, code);
    return code;
  }

  find(value: string): number | undefined {
    return this.#codes.get(value);
  }

  get size(): number {
    return this.values.length;
  }
}
