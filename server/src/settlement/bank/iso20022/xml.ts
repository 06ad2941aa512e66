/**
 * XML in and out for ISO 20022, closed against the attacks that XML invites.
 *
 * No document type, no entities but the five of XML itself, UTF-8 only, bounded size and depth.
 * Element names are read without their prefix; the namespace of the document says which message it is.
 */
import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import { DEPTH_MAX, ENTITIES_MAX } from './limits.ts';

/** Why a message cannot be read: the sender's fault, answered with 422 (413 for `too_large`). */
export type MessageError =
  | 'too_large'
  | 'encoding_unsupported'
  | 'document_type_refused'
  | 'not_well_formed'
  | 'message_unknown'
  | 'field_missing'
  | 'field_invalid';

export class BadMessage extends Error {
  readonly reason: MessageError;
  constructor(reason: MessageError, detail: string) {
    super(`${reason}: ${detail}`);
    this.name = 'BadMessage';
    this.reason = reason;
  }
}

/** An element: its attributes under `@name`, its text under `#text`, its children by name. */
export type Element = { readonly [name: string]: unknown };

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: DEPTH_MAX,
  htmlEntities: true, // for character numbers, which it reads only with this
  // Only the five of XML itself and character numbers: a document type was refused before.
  processEntities: { enabled: true, maxEntityCount: 0, maxTotalExpansions: ENTITIES_MAX },
});
const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  suppressEmptyNode: true,
});

/**
 * Reads an ISO 20022 document.
 * @returns the message identifier out of the namespace ("camt.054.001.08") and the message element.
 * @throws BadMessage
 */
export function readDocument(bytes: Uint8Array, bytesMax: number): { message: string; root: Element } {
  if (bytes.length > bytesMax)
    throw new BadMessage('too_large', `${bytes.length} bytes, at most ${bytesMax}`);
  const text = decode(bytes);
  if (/<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST)/i.test(text)) {
    throw new BadMessage('document_type_refused', 'a message has no document type');
  }
  const wellFormed = XMLValidator.validate(text);
  if (wellFormed !== true) throw new BadMessage('not_well_formed', wellFormed.err.msg);
  const namespace = namespaceOf(text);
  const message = MESSAGE.exec(namespace ?? '')?.[1];
  if (!message) throw new BadMessage('message_unknown', (namespace ?? 'no namespace').slice(0, 80));
  return { message, root: rootOf(parse(text)) };
}

/** Also the national variants, whose name goes on after the version ("pain.002.001.03.ch.02"). */
const MESSAGE = /(?:^|[:/])((?:pain|camt)\.\d{3}\.\d{3}\.\d{2})(?:\.[a-z]{2}\.\d{2})?(?:\.xsd)?$/;

function namespaceOf(text: string): string | undefined {
  const [, prefix, attributes = ''] = /<(?:([\w.-]+):)?Document\b([^>]*)>/.exec(text) ?? [];
  const name = prefix ? `xmlns:${prefix.replaceAll('.', '\\.')}` : 'xmlns';
  return new RegExp(`(?:^|\\s)${name}\\s*=\\s*["']([^"']*)["']`).exec(attributes)?.[1];
}

function decode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BadMessage('encoding_unsupported', 'not UTF-8');
  }
  const declared = /^<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']/.exec(text)?.[1];
  if (declared && declared.toLowerCase() !== 'utf-8') throw new BadMessage('encoding_unsupported', declared);
  if (text.includes('\0')) throw new BadMessage('not_well_formed', 'a character that XML forbids');
  return text;
}

function parse(text: string): Element {
  try {
    return parser.parse(text) as Element;
  } catch (error) {
    throw new BadMessage('not_well_formed', error instanceof Error ? error.message : 'unreadable');
  }
}

function rootOf(parsed: Element): Element {
  const document = child(parsed, 'Document');
  const roots = document
    ? Object.keys(document).filter((name) => !name.startsWith('@') && name !== '#text')
    : [];
  const root = document && roots.length === 1 ? child(document, roots[0]!) : undefined;
  if (!root) throw new BadMessage('field_missing', 'Document holds no message');
  return root;
}

/**
 * The only child of this name, or undefined. Text-only elements read as an element with `#text`.
 * @throws BadMessage when there are several: two amounts where one belongs have no meaning.
 */
export function child(element: Element | undefined, name: string): Element | undefined {
  const found = children(element, name);
  if (found.length > 1) throw new BadMessage('field_invalid', `${name} stands ${found.length} times`);
  return found[0];
}

export function children(element: Element | undefined, name: string): Element[] {
  if (!element || !Object.hasOwn(element, name)) return [];
  const value = element[name];
  return (Array.isArray(value) ? value : [value]).map((one: unknown) =>
    typeof one === 'object' && one !== null ? (one as Element) : { '#text': String(one) },
  );
}

/** Element at the end of a path like "Refs/EndToEndId". */
export function at(element: Element | undefined, path: string): Element | undefined {
  return path.split('/').reduce<Element | undefined>(child, element);
}

/** Text at the end of a path, or null when the element is absent or empty. */
export function text(element: Element | undefined, path: string): string | null {
  const value = at(element, path)?.['#text'];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** @throws BadMessage when absent. */
export function required(element: Element | undefined, path: string): string {
  const value = text(element, path);
  if (value === null) throw new BadMessage('field_missing', path);
  return value;
}

/** What XML 1.0 cannot carry even escaped. */
// oxlint-disable-next-line no-control-regex -- control characters are what is searched for
const FORBIDDEN = /[^\u{9}\u{A}\u{D}\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Text for an element of at most `max` characters, cut and cleaned of what XML cannot carry. */
export function clip(value: string, max: number): string {
  return [...value.replace(FORBIDDEN, ' ').trim()].slice(0, max).join('');
}

/** An element with this text, or none: an empty one is not valid anywhere. */
export function textElement<Name extends string>(
  name: Name,
  value: string | null,
  max: number,
): { readonly [K in Name]?: string } {
  const clipped = clip(value ?? '', max);
  return clipped === '' ? {} : ({ [name]: clipped } as { [K in Name]: string });
}

/** Writes a document of the given message. Children appear in the order of the object's keys. */
export function writeDocument(message: string, root: Record<string, unknown>): string {
  const body = builder.build({
    Document: { '@xmlns': `urn:iso:std:iso:20022:tech:xsd:${message}`, ...root },
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`;
}
