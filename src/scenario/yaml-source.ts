import { isAlias, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import { InputError } from '../input-error.js';
import { limits } from './limits.js';
import type { ScenarioSource } from './scenario-source.js';
import { type SourceEntry, type SourceNode, type SourceScalar, showNode } from './source-node.js';
import { type Origin, printable, type SourceText } from './source-text.js';
import { parseYamlDocument } from './yaml-document.js';

type Anchors = Map<string, ParsedNode>;

const styles: Readonly<Record<string, SourceScalar['style']>> = {
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
  QUOTE_DOUBLE: 'quoted',
  QUOTE_SINGLE: 'quoted',
};

/** Turns the nodes of the yaml package into ours; keeps count, since aliases can make a small file huge. */
class TreeBuilder {
  #nodes = 0;
  #aliases = 0;
  readonly #fail: (offset: number, message: string) => never;

  constructor(fail: (offset: number, message: string) => never) {
    this.#fail = fail;
  }

  node(node: ParsedNode | null, emptyAt: number, depth: number, anchors: Anchors): SourceNode {
    if (node === null)
      return { kind: 'scalar', offset: emptyAt, end: emptyAt, value: null, written: '', style: 'plain' };
    const [offset, end] = node.range;
    if (++this.#nodes > limits.nodes) this.#fail(offset, `more than ${limits.nodes} YAML nodes`);
    if (depth > limits.depth) this.#fail(offset, `nested deeper than ${limits.depth} levels`);
    if (isAlias(node)) {
      if (++this.#aliases > limits.aliases) this.#fail(offset, `more than ${limits.aliases} YAML aliases`);
      const target = anchors.get(node.source);
      if (target === undefined) return this.#fail(offset, `no anchor '&${node.source}' before this alias`);
      if (target.range[0] <= offset && offset < target.range[1])
        this.#fail(offset, 'an alias inside what it stands for');
      // A copy: anchors inside the repeated part are not defined a second time.
      return this.node(target, offset, depth + 1, new Map(anchors));
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node, offset, end);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.node(item, offset, depth + 1, anchors));
      return { kind: 'list', offset, end, items };
    }
    return { kind: 'map', offset, end, entries: this.#entries(node, depth, anchors) };
  }

  #scalar(node: Scalar.Parsed, offset: number, end: number): SourceNode {
    const { value, source, type } = node;
    const style = styles[type ?? ''] ?? 'plain';
    if (typeof value === 'string') return { kind: 'scalar', offset, end, value, written: value, style };
    const known = typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean';
    return { kind: 'scalar', offset, end, value: known ? value : null, written: source, style };
  }

  #entries(map: YAMLMap.Parsed, depth: number, anchors: Anchors): ReadonlyMap<string, SourceEntry> {
    const entries = new Map<string, SourceEntry>();
    for (const { key, value } of map.items) {
      const keyNode = this.node(key, map.range[0], depth + 1, anchors);
      const keyOffset = keyNode.offset;
      if (keyNode.kind !== 'scalar' || keyNode.written === '') {
        return this.#fail(keyOffset, `a key must be a word, not ${showNode(keyNode)}`);
      }
      const name = keyNode.written;
      if (name === '__proto__') this.#fail(keyOffset, `'${name}' cannot be a key`);
      if (entries.has(name)) this.#fail(keyOffset, `the key '${name}' appears twice in the same map`);
      entries.set(name, { keyOffset, value: this.node(value, keyNode.end, depth + 1, anchors) });
    }
    return entries;
  }
}

/**
 * Parses YAML 1.2 text into a tree with positions. Integers are exact (bigint), keys are strings, aliases are resolved
 * to the nodes they stand for (which keep the positions of the anchor).
 * @throws InputError for syntax errors, duplicate keys, unknown anchors and broken {@link limits}.
 */
export function parseYaml(text: string, file: string): ScenarioSource {
  const { document, originAt } = parseYamlDocument(text, file);
  const fail = (offset: number, message: string): never => {
    throw new InputError(printable(message), originAt(offset));
  };
  const root = new TreeBuilder(fail).node(document.contents, 0, 1, new Map());
  return { file, text, root, originAt, scalarText: (node) => scalarText({ text, originAt }, node) };
}

/** Where the line after the one at `offset` begins; `end` if there is none before it. */
function nextLine(text: string, offset: number, end: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 || newline >= end ? end : newline + 1;
}

/** The origin of a literal block's content: behind the header line, and behind the indentation that YAML removes. */
function literalOrigin(source: PlacedText, node: SourceScalar, value: string): Origin {
  const start = nextLine(source.text, node.offset, node.end);
  const blankLines = value.search(/[^\n]/);
  let firstText = start;
  for (let line = 0; line < blankLines; line++) firstText = nextLine(source.text, firstText, node.end);
  // The first line with text shows how much was removed from every line.
  const indent = source.text.slice(firstText).search(/[^ ]/) - value.slice(Math.max(0, blankLines)).search(/[^ ]/);
  const origin = source.originAt(start);
  return { ...origin, location: { ...origin.location, column: Math.max(0, indent) + 1 } };
}

/** The YAML, and where something in it stands. */
type PlacedText = Pick<ScenarioSource, 'text' | 'originAt'>;

/** A scalar as text for a later parser, with the place of every line where YAML leaves that unambiguous. */
function scalarText(source: PlacedText, node: SourceScalar): SourceText {
  const text = node.written;
  if (node.style === 'literal') return { text, origin: literalOrigin(source, node, text), layout: 'block' };
  const quote = node.style === 'quoted' ? 1 : 0;
  const verbatim = source.text.slice(node.offset + quote, node.end - quote) === text && !text.includes('\n');
  if (!verbatim) return { text, origin: source.originAt(node.offset), layout: 'opaque' };
  return { text, origin: source.originAt(node.offset + quote), layout: 'inline' };
}
