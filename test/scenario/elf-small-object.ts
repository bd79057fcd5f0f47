import { COMMON, DATA, LOCAL, type ObjectSpec, R } from './elf-object-builder.js';

/** An object with a call to a function elsewhere, data of each kind, a section that takes no memory, and three symbols. */
export const good: ObjectSpec = {
  sections: [
    {
      name: '.text',
      bytes: [0xe8, 0, 0, 0, 0, 0xc3],
      relocations: [{ offset: 1, type: R.plt32, symbol: 'callee', addend: -4n }],
    },
    { name: '.data', bytes: [1, 2, 3], flags: DATA, alignment: 4n },
    { name: '.bss', size: 16n, flags: DATA, alignment: 8n },
    { name: '.comment', bytes: [0x47], flags: 0 },
  ],
  symbols: [
    { name: 'here', section: '.text', binding: LOCAL },
    { name: 'callee' },
    { name: 'shared', section: COMMON, value: 8n, size: 8n },
  ],
};
