import { describe, expect, it } from 'vitest';
import { blocksOf, commandsOf, DOCUMENTS, dialoguesOf, Reader, shortened } from './document.js';
import { Workshop } from './xmc.js';

/**
 * Tests that execute the command lines of all documents in their order, and read their scenarios.
 * @param kind of blocks: `console`, or `console soak` for those that take long
 */
export function executed(kind: 'console' | 'console soak'): void {
  const shop = new Workshop();

  describe.each(DOCUMENTS.filter(({ text }) => commandsOf(text, kind).length > 0))('$name', ({ name, text }) => {
    const reader = new Reader(shop, name.replaceAll('/', '-'));

    for (const block of blocksOf(text)) {
      if (block.info === kind) {
        it.each(dialoguesOf(block))('shows what this prints: $command', async ({ command, shown }) => {
          expect(shortened(await reader.execute(command), shown)).toBe(shown);
        });
      } else if (block.info.startsWith('yaml ')) {
        it(`has a scenario that is read: ${block.info}`, () => {
          expect(() => reader.load(block)).not.toThrow();
        });
      }
    }
  });
}
