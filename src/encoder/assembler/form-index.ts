import type { Code } from '../iced.js';
import type { Syntax } from '../syntax.js';
import type { InstructionForm } from './instruction-form.js';
import { formsOfCodes, type NamedCodes, namedCodes, type Part } from './named-codes.js';
import { PREBUILT_MNEMONICS } from './prebuilt-mnemonics.js';

/** The forms of a part of the instruction set in a syntax, made when a name asks for them. */
class PartIndex {
  readonly #codes: ReadonlyMap<string, readonly Code[]>;
  readonly #forms = new Map<string, readonly InstructionForm[]>();

  constructor(
    readonly part: Part,
    readonly syntax: Syntax,
  ) {
    this.#codes = new Map(namesOf(part)[syntax]);
  }

  /** Undefined when there is no such name in this part. */
  forms(name: string): readonly InstructionForm[] | undefined {
    const codes = this.#codes.get(name);
    if (codes === undefined) return undefined;
    const forms = this.#forms.get(name) ?? formsOfCodes(this.part, codes, this.syntax).get(name) ?? [];
    this.#forms.set(name, forms);
    return forms;
  }

  names(): Iterable<string> {
    return this.#codes.keys();
  }
}

/** What a function gives for each key, asked for once. */
function once<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

const namesOf: (part: Part) => NamedCodes = once((part) => namedCodes(part, PREBUILT_MNEMONICS));
const legacy = once((syntax: Syntax) => new PartIndex('legacy', syntax));
const vector = once((syntax: Syntax) => new PartIndex('vector', syntax));

/** All forms that a mnemonic, size suffix included, can stand for; empty when there is no such mnemonic. */
export function formsNamed(name: string, syntax: Syntax): readonly InstructionForm[] {
  return legacy(syntax).forms(name) ?? vector(syntax).forms(name) ?? [];
}

/** All mnemonics there are. */
export function mnemonics(syntax: Syntax): string[] {
  return [...legacy(syntax).names(), ...vector(syntax).names()];
}
