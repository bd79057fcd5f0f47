import { Document, isMap, isScalar, isSeq, Scalar, visit } from 'yaml';

/** Integers from here on are written in hex: they are addresses and masks, not counts. */
const HEX_FROM = 0x1000;

/** Text of several lines that a block gives back as it is; what is blank or unprintable in places is quoted. */
const BLOCK = /^[ \t]*[!-~][\t -~\n]*\n[\t -~]*[!-~]\n?$/;

/**
 * The YAML of plain data, always the same for the same data: large integers in hex, text of several lines as blocks,
 * nothing folded. What reads it gets the data back.
 */
export function canonicalYaml(data: unknown): string {
  const document = new Document(data, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      const { value } = node;
      if (typeof value === 'bigint' && value >= HEX_FROM) node.format = 'HEX';
      if (typeof value === 'string' && value.includes('\n'))
        node.type = BLOCK.test(value) ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE;
    },
    Collection(_, node) {
      // Short lists of words and numbers stay in their line: `cpu: [1, 2]`.
      if (isSeq(node)) node.flow = node.items.every((item) => isScalar(item) && !isLong(item.value));
      if (isMap(node) && node.items.length === 0) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function isLong(value: unknown): boolean {
  return typeof value === 'string' && (value.includes('\n') || value.length > 40);
}
