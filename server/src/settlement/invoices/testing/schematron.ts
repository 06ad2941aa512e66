/**
 * Runs a preprocessed Schematron file over a document: of each pattern the first rule whose context holds a
 * node judges it, as ISO Schematron has it. XPath 2 is done by fontoxpath, which node-schematron brings;
 * its own walk asks every context of every node, which takes a minute where this takes a second.
 */
import { createRequire } from 'node:module';

type XmlNode = object;
type XPath = {
  evaluateXPathToNodes(
    path: string,
    node: XmlNode,
    domFacade: null,
    variables: object,
    options: object,
  ): XmlNode[];
  evaluateXPathToBoolean(
    path: string,
    node: XmlNode,
    domFacade: null,
    variables: object,
    options: object,
  ): boolean;
};
type Element = XmlNode & {
  readonly localName: string;
  readonly children: readonly Element[];
  readonly textContent: string;
  getAttribute(name: string): string | null;
};

const require = createRequire(createRequire(import.meta.url).resolve('node-schematron'));
const xpath = require('fontoxpath') as XPath;
const { parseXmlDocument } = require('slimdom') as {
  parseXmlDocument(xml: string): XmlNode & { readonly documentElement: Element };
};

type Rule = {
  readonly context: string;
  readonly asserts: readonly { readonly id: string; readonly test: string }[];
};
export type Schematron = {
  readonly patterns: readonly (readonly Rule[])[];
  readonly namespaces: ReadonlyMap<string, string>;
};

export function readSchematron(xml: string): Schematron {
  const root = parseXmlDocument(xml).documentElement;
  const named = (of: Element, name: string): Element[] => of.children.filter((one) => one.localName === name);
  const text = (of: Element, name: string): string => of.getAttribute(name) ?? '';
  return {
    namespaces: new Map(named(root, 'ns').map((ns) => [text(ns, 'prefix'), text(ns, 'uri')])),
    patterns: named(root, 'pattern').map((pattern) =>
      named(pattern, 'rule').map((rule) => ({
        context: text(rule, 'context'),
        asserts: named(rule, 'assert').map((one) => ({ id: text(one, 'id'), test: text(one, 'test') })),
      })),
    ),
  };
}

/** Ids of the rules that the document breaks, each once, sorted. */
export function brokenRules(schematron: Schematron, xml: string): string[] {
  const document = parseXmlDocument(xml);
  const options = { namespaceResolver: (prefix: string) => schematron.namespaces.get(prefix) ?? null };
  const broken = new Set<string>();
  for (const rules of schematron.patterns) {
    const judged = new Set<XmlNode>();
    for (const { context, asserts } of rules) {
      // A context is a pattern, which matches at any depth; a path from the root stays one.
      const anywhere = splitUnion(context).map((part) => (part.startsWith('/') ? part : `//${part}`));
      const nodes = xpath.evaluateXPathToNodes(anywhere.join(' | '), document, null, {}, options);
      for (const node of nodes.filter((one) => !judged.has(one))) {
        judged.add(node);
        for (const { id, test } of asserts) {
          if (!xpath.evaluateXPathToBoolean(test, node, null, {}, options)) broken.add(id);
        }
      }
    }
  }
  return [...broken].sort();
}

/** At the bars that stand in no bracket. */
function splitUnion(context: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of context) {
    if (character === '[' || character === '(') depth += 1;
    if (character === ']' || character === ')') depth -= 1;
    if (character === '|' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${character}`);
  }
  return parts.map((part) => part.trim());
}
