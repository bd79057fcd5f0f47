import { describe, expect, it } from 'vitest';
import { junitText } from '../../src/report/junit.js';
import { REPORTS, UNWRITTEN } from './case-reports.js';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function plain(text: string): string {
  return text.replace(/&(\w+);|[&<]/g, (found, name) => {
    const character = ENTITIES[name];
    if (character === undefined) throw new Error(`not well-formed: ${found}`);
    return character;
  });
}

/** What an XML document of elements and text holds; throws for anything that is not well-formed. */
function parsed(xml: string): Element {
  const [, body = ''] = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n([\s\S]*)$/.exec(xml) ?? [];
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  let at = 0;
  for (const tag of body.matchAll(/<(\/?)(\w+)((?: \w+="[^"<]*")*)(\/?)>/g)) {
    const last = open.at(-1) ?? top;
    last.text += plain(body.slice(at, tag.index));
    at = tag.index + tag[0].length;
    if (tag[1] === '/') {
      if (open.pop()?.name !== tag[2]) throw new Error(`</${tag[2]}> closes another element`);
      continue;
    }
    const attributes = [...(tag[3] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
      key,
      plain(value),
    ]);
    const element: Element = { name: tag[2] ?? '', attributes: Object.fromEntries(attributes), children: [], text: '' };
    last.children.push(element);
    if (tag[4] !== '/') open.push(element);
  }
  const [root] = top.children;
  if (open.length !== 1 || root === undefined || body.slice(at).trim() !== '') throw new Error('not well-formed');
  return root;
}

describe('a JUnit report', () => {
  const root = parsed(junitText(REPORTS));

  it('has a testsuite for each file and a testcase for each variant', () => {
    expect(root.name).toBe('testsuites');
    expect(root.children.map(({ name, attributes, children }) => [name, attributes.file, children.length])).toEqual([
      ['testsuite', 'races/swap.yaml', 3],
      ['testsuite', 'races/bad one.yaml', 1],
    ]);
    const cases = root.children.flatMap(({ children }) => children);
    expect(
      cases.map(({ name, attributes: { classname, name: variant, line } }) => [name, classname, variant, line]),
    ).toEqual([
      ['testcase', 'swap', 'fine', '40'],
      ['testcase', 'swap', 'broken', '41'],
      ['testcase', 'swap', 'large', '42'],
      ['testcase', 'races/bad one.yaml', 'races/bad one.yaml', undefined],
    ]);
  });

  it('counts failures and errors, and has no times', () => {
    const counted = [root, ...root.children].map(({ attributes: { tests, failures, errors, skipped, time } }) => {
      return [tests, failures, errors, skipped, time].join(' ');
    });
    expect(counted).toEqual(['4 1 2 0 0', '3 1 1 0 0', '1 0 1 0 0']);
  });

  it('has the trace in the failure, with what XML cannot hold replaced', () => {
    const [failure] = root.children[0]?.children[1]?.children ?? [];
    expect(failure?.name).toBe('failure');
    expect(failure?.attributes).toEqual({
      message: 'VIOLATED no-torn-instruction, 3 steps; expected verified',
      type: 'no-torn-instruction',
    });
    expect(failure?.text).toContain('\n   1  <a> & "b"  100%, \ufffd\ufffd\n');
    expect(failure?.text).toMatch(/replay {4}xmc replay it$/);
  });

  it('has an error where nothing can be said, and where nothing can be judged', () => {
    const errors = root.children
      .flatMap(({ children }) => children)
      .flatMap(({ children }) => children)
      .slice(1);
    expect(errors.map(({ name, attributes, text }) => [name, attributes.type, text])).toEqual([
      ['error', 'inconclusive', 'INCONCLUSIVE limit of 5 states\n\n  2 states were left'],
      ['error', 'invalid', 'races/bad one.yaml:2:1: error: unknown key: "cpu"'],
    ]);
  });

  it('has an error where a schedule could not be written', () => {
    const root = parsed(junitText([UNWRITTEN]));
    expect(root.attributes).toMatchObject({ tests: '1', failures: '0', errors: '1' });
    const [error] = root.children[0]?.children[0]?.children ?? [];
    expect([error?.name, error?.attributes.type]).toEqual(['error', 'unwritten']);
    expect(error?.text).toContain('error: cannot write kept: permission denied');
  });

  it('has one error when it was interrupted', () => {
    const root = parsed(junitText(REPORTS.slice(0, 1), 2));
    expect(root.attributes).toMatchObject({ tests: '2', failures: '0', errors: '1' });
    const [error] = root.children[1]?.children[0]?.children ?? [];
    expect(error?.attributes).toEqual({
      message: 'interrupted: 2 files not tested to the end',
      type: 'interrupted',
    });
  });

  it('of nothing is a document as well', () => {
    expect(parsed(junitText([])).attributes.tests).toBe('0');
  });
});
