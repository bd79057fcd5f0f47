import { Composer, type Document, Lexer, LineCounter, type ParsedNode, Parser } from 'yaml';
import { InputError } from '../input-error.js';
import { limits } from './limits.js';
import { excerptLine, type Origin, printable } from './source-text.js';

/** A YAML 1.2 document without syntax errors, and the means to say where in its file something stands. */
export interface YamlDocument {
  readonly document: Document.Parsed<ParsedNode>;
  originAt(offset: number): Origin;
}

function positions(text: string, file: string, lines: LineCounter): (offset: number) => Origin {
  return (offset) => {
    const { line, col: column } = lines.linePos(offset);
    const start = offset - column + 1;
    const end = text.indexOf('\n', start);
    const excerpt = excerptLine(text.slice(start, end < 0 ? text.length : end).replace(/\r$/, ''), column);
    return { location: { file, line, column }, ...(excerpt === undefined ? {} : { excerpt }) };
  };
}

/**
 * Tokens of the concrete syntax tree. The lexer is driven by hand because the limits must hold before the composer
 * runs: it recurses, and a stack that ends inside it can abort the whole process (V8 gives up when a regular
 * expression is compiled at the end of the stack).
 */
function parseTokens(text: string, lines: LineCounter, fail: (offset: number, message: string) => never) {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    // Each open map or list is one token on the stack; the document and a scalar come on top.
    if (parser.stack.length > limits.depth + 2) fail(parser.offset, `nested deeper than ${limits.depth} levels`);
    if (++count > limits.tokens) fail(parser.offset, `more than ${limits.tokens} YAML tokens`);
  }
  tokens.push(...parser.end());
  return tokens;
}

/**
 * Parses `text` as one strict YAML 1.2 document.
 * @throws InputError for a syntax error, an unknown tag, another YAML version, several documents, or broken limits.
 */
export function parseYamlDocument(text: string, file: string): YamlDocument {
  if (text.length > limits.fileBytes || new TextEncoder().encode(text).length > limits.fileBytes) {
    throw new InputError(`the file is larger than ${limits.fileBytes >> 20} MiB`, { location: { file } });
  }
  const lines = new LineCounter();
  const originAt = positions(text, file, lines);
  const fail = (offset: number, message: string): never => {
    throw new InputError(printable(message), originAt(offset));
  };
  const tokens = parseTokens(text, lines, fail);
  const composer = new Composer({ intAsBigInt: true, prettyErrors: false, strict: true, uniqueKeys: false });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) throw new Error('the YAML composer returned no document');
  const problems = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const [first] = problems;
  if (first !== undefined) fail(first.pos[0], first.message);
  const version = document.directives?.yaml.version;
  if (version !== undefined && version !== '1.2')
    fail(0, `YAML ${version} is not supported: remove the %YAML directive`);
  if (second !== undefined) fail(second.range[0], 'a second YAML document: one file holds one scenario');
  return { document, originAt };
}
