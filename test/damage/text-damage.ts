import fc from 'fast-check';

/** Spoils a copy of a text. */
export type TextDamage = (text: string) => string;

/** Characters that mean something to YAML, to assembly or to a schedule, and some that mean nothing to any of them. */
const CHARACTERS = [
  ...'\n\r\t :,-?#&*!|>%@`"\'{}[]~<=+.()$0189acfhxyzAZ_\\/\u0000\u001b\u00e9\u20ac\ufeff\u2028',
  '\ud83d\ude00',
  '\ud800',
];
/** Numbers at the limits of what fields may hold. */
const NUMBERS = [
  ...['0', '1', '2', '7', '8', '-1', '255', '256', '4095', '4096', '65536', '0x7fffffff', '0xffffffff', '0x100000000'],
  ...['9007199254740993', '0x7fffffffffffffff', '0xffffffffffffffff', '0x10000000000000000', '1e9', '0.5', '.inf'],
];

/** Where in a text of any length, as a share of it. Integers, because doubles between 0 and 1 are mostly tiny. */
const place = fc.integer({ min: 0, max: 1_000_000 }).map((millionths) => millionths / 1e6);
const at = (text: { readonly length: number }, share: number): number => Math.floor(share * text.length);
const length = fc.oneof(fc.constant(1), fc.nat({ max: 40 }), fc.nat({ max: 2000 }));

const remove = fc.tuple(place, length).map(([share, size]): TextDamage => {
  return (text) => text.slice(0, at(text, share)) + text.slice(at(text, share) + size);
});
const repeat = fc.tuple(place, length).map(([share, size]): TextDamage => {
  return (text) => text.slice(0, at(text, share) + size) + text.slice(at(text, share));
});
const copy = fc.tuple(place, place, length).map(([from, to, size]): TextDamage => {
  return (text) =>
    text.slice(0, at(text, to)) + text.slice(at(text, from), at(text, from) + size) + text.slice(at(text, to));
});
const noise = fc.string({ unit: fc.constantFrom(...CHARACTERS), minLength: 1, maxLength: 4 });
const insert = fc.tuple(place, noise, fc.boolean()).map(([share, characters, over]): TextDamage => {
  return (text) =>
    text.slice(0, at(text, share)) + characters + text.slice(at(text, share) + (over ? characters.length : 0));
});

/** Replaces the first piece of a form behind a place, or the first of all. */
function replace(text: string, share: number, form: RegExp, by: (pieces: readonly string[]) => string): string {
  const pieces = [...text.matchAll(form)];
  const found = pieces.find(({ index }) => index >= at(text, share)) ?? pieces[0];
  if (found === undefined) return text;
  const after = by(pieces.map(([piece]) => piece));
  return text.slice(0, found.index) + after + text.slice(found.index + found[0].length);
}

const number = fc.tuple(place, fc.constantFrom(...NUMBERS)).map(([share, value]): TextDamage => {
  return (text) => replace(text, share, /(?:0x[0-9a-f]+|\b[0-9]+)\b/g, () => value);
});
/** A word, or a line, becomes another one of the same text. */
const other = fc
  .tuple(place, place, fc.constantFrom(/[a-z][\w-]*/g, /^.*$/gm))
  .map(([share, which, form]): TextDamage => {
    return (text) => replace(text, share, form, (pieces) => pieces[at(pieces, which * 0.999)] ?? '');
  });

/** One or two of them, one after the other. */
export const textDamage: fc.Arbitrary<TextDamage> = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: remove },
      { weight: 1, arbitrary: repeat },
      { weight: 1, arbitrary: copy },
      { weight: 2, arbitrary: insert },
      { weight: 3, arbitrary: number },
      { weight: 3, arbitrary: other },
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((list) => (text) => list.reduce((spoilt, damage) => damage(spoilt), text));
