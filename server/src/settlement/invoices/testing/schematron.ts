/**
 * Runs a preprocessed Schematron file over a document: of each pattern the first rule whose context holds a
 * node judges it, as ISO Schematron has it. XPath 2 is done by fontoxpath. The
 * known packages ask every context of every node, which takes a minute where this takes a second.
 */
import { evaluateXPathToBoolean, evaluateXPathToNodes } from 'fontoxpath';
import { type Element, type Node as XmlNode, parseXmlDocument } from 'slimdom';

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
  if (!root) throw new Error('a Schematron file without an element');
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
      const nodes = evaluateXPathToNodes<XmlNode>(anywhere.join(' | '), document, null, {}, options);
      for (const node of nodes.filter((one) => !judged.has(one))) {
        judged.add(node);
        for (const { id, test } of asserts) {
          if (!evaluateXPathToBoolean(test, node, null, {}, options)) broken.add(id);
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
