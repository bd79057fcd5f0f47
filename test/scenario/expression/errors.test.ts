import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/input-error.js';
import { compileExpression } from '../../../src/scenario/expression/compile.js';
import { plainText, type SourceText } from '../../../src/scenario/source-text.js';
import { errorLine, errorOf } from '../input-error.js';
import { guest } from './guest.js';

const scope = guest();
const wrong = (text: string) => errorOf(() => compileExpression(plainText(text, 'e.yaml'), scope));

describe('An expression that is wrong', () => {
  it.each([
    ['', '1:1: expected a number, a symbol, a register or memory, not the end'],
    ['worker@1.rax ==', '1:16: expected a number, a symbol, a register or memory, not the end'],
    ['worker@1.rax == == 1', "1:17: expected a number, a symbol, a register or memory, not '=='"],
    ['worker@1.rax 1', "1:14: expected an operator, not '1'"],
    ['worker@1.rax site', "1:14: expected an operator, not 'site'"],
    ['(worker@1.rax', "1:14: expected ')', not the end"],
    ['worker@1.rax)', "1:13: expected an operator, not ')'"],
    ['[site', "1:6: expected ']', not the end"],
    ['u32[site)', "1:9: expected ']', not ')'"],
    ['u128[site] == worker@1.rax', "1:5: expected an operator, not '['"],
    ['worker@1.rax in 1', "1:17: expected '(', not '1'"],
    ['worker@1.rax in ()', "1:18: expected a number, a symbol, a register or memory, not ')'"],
    ['worker@1.rax in (1,)', "1:20: expected a number, a symbol, a register or memory, not ')'"],
    ['worker@1.rax = 1', "1:14: unexpected '='"],
    ['worker@1.rax ? 1', "1:14: unexpected '?'"],
    ['worker@1.rax == "1"', "1:17: unexpected '\"'"],
    ['worker@1.rax == 0x', "1:17: '0x' is neither an integer nor a name"],
    ['worker@1.rax == 1f', "1:17: '1f' is neither an integer nor a name"],
    ['worker@1.rax == 0x10000000000000000', '1:17: an integer of more than 64 bits'],
    ['worker@1.rax == not 1', "1:17: expected a number, a symbol, a register or memory, not 'not'"],
    ['1 < worker@1.rax < 3', '1:18: a comparison of a comparison'],
    ['worker@1.rax == 1 in (1)', '1:19: a comparison of a comparison'],
    ['worker@1.rax and\n  wroker', "2:3: unknown symbol 'wroker'"],
    ['worker@1.rax == 0 or sitte', "1:22: unknown symbol 'sitte'"],
    ['worker@1.rxa', "1:10: task worker@1 has no register 'rxa'"],
    ['my-task.rpi', "1:9: task my-task has no register 'rpi'"],
    ['worker@1.', "1:10: task worker@1 has no register ''"],
    ['worker@1.rip.x', "1:10: task worker@1 has no register 'rip.x'"],
    ['worker@3.rax', "1:1: unknown task 'worker@3'"],
    ['worker.rax', "1:1: unknown task 'worker'"],
    ['worker@1 == site', "1:1: 'worker@1' is a task"],
    ['[0x10] == 1', '1:1: nothing is mapped at 0x10'],
    ['worker@1.rax or u32[site + 0xffffe]', '1:17: nothing is mapped at 0xffffffff810ffffe'],
    ['worker@1.rax / 0', '1:16: expected a constant other than 0 to divide by'],
    ['worker@1.rax % (2 - 2)', '1:16: expected a constant other than 0 to divide by'],
    ['1 / worker@1.rax', '1:5: expected a constant other than 0 to divide by'],
    ['worker@1.eax == -1', "1:17: 'worker@1.eax' has 32 bits: it is never 0xffffffffffffffff"],
    ['256 != worker@1.al', "1:1: 'worker@1.al' has 8 bits: it is never 0x100"],
    ['worker@1.cf == 2', "1:16: 'worker@1.cf' has 1 bit: it is never 0x2"],
    ['u16[data] in (1, 65536)', "1:18: 'u16[data]' has 16 bits: it is never 0x10000"],
    ['worker@1.rax & 7 == 8', "1:21: 'worker@1.rax & 7' has 3 bits: it is never 0x8"],
    ['1', "1:1: '1' is the same in every state"],
    ['worker@1.rax and (site)', "1:18: '(site)' is the same in every state"],
    ['worker == site', "1:1: 'worker == site' compares what is the same in every state"],
    ['1 in (1, 2)', "1:1: '1 in (1, 2)' compares what is the same in every state"],
    [`${'('.repeat(65)}site`, '1:66: nested deeper than 64'],
    [`${'-'.repeat(100)}site`, '1:66: nested deeper than 64'],
    [`site${'+ site'.repeat(500)}`, '1:1: an expression of more than 1000 characters'],
  ])('says where and why: %j', (text, message) => {
    expect(errorLine(wrong(text))).toBe(`e.yaml:${message}`);
  });

  it.each([
    ['worker@1.rax = 1', "to compare, write '=='"],
    ['1 < worker@1.rax < 3', "write 'a < b and b < c', or put parentheses around one comparison"],
    ['worker@1.rax == !worker@2.rax', "put parentheses around what '!' negates"],
    ['worker@1.rxa', "did you mean 'rax'?"],
    ['worker@1.something', 'registers are written as in rip, rax, eax, ax, al, cf'],
    ['worker.rax', 'there are worker@1, worker@2'],
    ['wroker@1.rax', "did you mean 'worker@1'?"],
    ['worker@1 == site', "name one of its registers, as in 'worker@1.rip'"],
    ['sitte == worker@1.rip', "did you mean 'site'?"],
  ])('says how to put it right: %s', (text, hint) => {
    expect(wrong(text).hint).toBe(hint);
  });

  it('may have taken a symbol for the task of that name', () => {
    const one = { ...scope, tasks: new Map([['worker', 1]]) };
    const text = plainText('worker == site', 'e.yaml');
    expect(errorOf(() => compileExpression(text, one)).hint).toBe(
      "'worker' is an address here; for the task, write 'worker.rip'",
    );
  });

  it('takes the task where a symbol looks like its register, and the symbol where there is no such register', () => {
    const symbols = new Map([...scope.symbols, ['worker@1.rax', 5n], ['worker@1.isra.0', 6n]]);
    const { terms } = compileExpression(plainText('worker@1.rax == worker@1.isra.0', 'e'), { ...scope, symbols });
    expect(terms.map(({ text }) => text)).toEqual(['worker@1.rax']);
  });

  it('is shown with its line, in a block and in one line', () => {
    const origin = {
      location: { file: 's.yaml', line: 7, column: 20 },
      excerpt: '  check: {always: {a: worker@1.rxa}}',
    };
    const inline: SourceText = { text: 'worker@1.rxa', origin, layout: 'inline' };
    const error = errorOf(() => compileExpression(inline, scope));
    expect([errorLine(error), error.excerpt]).toEqual([
      "s.yaml:7:29: task worker@1 has no register 'rxa'",
      origin.excerpt,
    ]);
    const block: SourceText = { text: 'site ==\nworker@1.rxa\n', origin, layout: 'block' };
    expect(errorLine(errorOf(() => compileExpression(block, scope)))).toBe(
      "s.yaml:8:29: task worker@1 has no register 'rxa'",
    );
  });

  it('is an InputError whatever it is made of, and never lasts', () => {
    const words = [
      'worker@1.rax',
      'my-task.cf',
      'site',
      '0x7',
      'u32',
      'and',
      'or',
      'not',
      'in',
      'constructor',
      '__proto__',
    ];
    const signs = [
      '<<',
      '==',
      '<',
      '+',
      '-',
      '~',
      '!',
      '(',
      ')',
      '[',
      ']',
      ',',
      ' ',
      '%',
      '&&',
      '.',
      '\n',
      '\u2028',
      '0',
    ];
    const text = fc.array(fc.oneof(fc.constantFrom(...words, ...signs), fc.string({ maxLength: 3 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(text, (parts) => {
        try {
          compileExpression(plainText(parts.join(''), 'e.yaml'), scope).holds();
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
