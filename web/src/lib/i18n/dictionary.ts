/**
 * Messages in every language, checked by the compiler.
 *
 * A dictionary is one file per area with the same keys in `en` and `zh`. A key missing in one language, a
 * key too many, or a placeholder that the other language does not have is a type error, so a page can
 * never show a raw key.
 */
export const locales = ['en', 'zh'] as const;
export type Locale = (typeof locales)[number];

/** What goes into `<html lang>` and into `Intl`. */
export const languageTag: Record<Locale, string> = { en: 'en-GB', zh: 'zh-CN' };

export type Parameter = string | number;

/** Names between braces: `'{n} lots'` has `n`. */
type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type Values<Text extends string> = { [Name in Names<Text>]: Parameter };

type SamePlaceholders<Model extends string, Text extends string> = [Names<Model>] extends [Names<Text>]
  ? [Names<Text>] extends [Names<Model>]
    ? Text
    : never
  : never;

export type Texts = Readonly<Record<string, string>>;
export type Dictionary<En extends Texts> = {
  readonly en: En;
  readonly zh: { readonly [Key in keyof En]: string };
};

/** Looks a message up and fills its placeholders; the second argument is required exactly when there are some. */
export type Translate<En extends Texts> = <Key extends keyof En & string>(
  key: Key,
  ...values: [Names<En[Key]>] extends [never] ? [] : [Values<En[Key]>]
) => string;

export function dictionary<
  const En extends Texts,
  const Zh extends { readonly [Key in keyof En]: string },
>(messages: {
  en: En;
  zh: Zh & { readonly [Key in keyof En]: SamePlaceholders<En[Key], Zh[Key]> } & {
    readonly [Key in Exclude<keyof Zh, keyof En>]: never;
  };
}): Dictionary<En> {
  return messages;
}

/** Puts values where the braces are. A name without a value stays visible, which no typed caller can cause. */
export function fill(text: string, values: Readonly<Record<string, Parameter>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The lookup function of a dictionary; `locale` is read at each call so that a switch of language shows at once. */
export function translator<En extends Texts>(messages: Dictionary<En>, locale: () => Locale): Translate<En> {
  return (key, ...values) => fill(messages[locale()][key], values[0]);
}

/**
 * The language to speak: what the person chose, else the first acceptable one, else English.
 * `accept` is an Accept-Language header; its weights are honoured.
 */
export function chooseLocale(chosen: string | undefined, accept: string | null): Locale {
  const known = locales.find((locale) => locale === chosen);
  if (known) return known;
  const wanted = (accept ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...attributes] = part.trim().toLowerCase().split(';');
      const weight = attributes.find((attribute) => attribute.trim().startsWith('q='));
      return { tag, weight: weight ? Number(weight.trim().slice(2)) : 1 };
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { tag } of wanted) {
    const match = locales.find((locale) => tag === locale || tag.startsWith(`${locale}-`));
    if (match) return match;
  }
  return 'en';
}
