import { followPath, type SourceNode, type SourcePath, type SourceScalar } from './source-node.js';
import type { Origin, SourceText } from './source-text.js';

/** What a scenario is read from: a tree with places, of a YAML file or of an object. */
export interface ScenarioSource {
  /** Its name, for messages. */
  readonly file: string;
  /** As YAML. */
  readonly text: string;
  readonly root: SourceNode;
  originAt(offset: number): Origin;
  /** A scalar as text for a later parser. */
  scalarText(node: SourceScalar): SourceText;
}

/** Where the value at `path` stands; the nearest enclosing node if there is none. */
export function originOf(source: ScenarioSource, root: SourceNode, path: SourcePath): Origin {
  const target = followPath(root, path);
  return source.originAt(target.found ? target.value.offset : target.keyOffset);
}

/** How a message about one place names another: `line 12`, or where there are no lines `text.0`. */
export function placeText({ location: { file, line } }: Origin): string {
  return line === undefined ? file : `line ${line}`;
}
