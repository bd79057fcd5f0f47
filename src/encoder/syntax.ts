/** How instructions are written: `mov %rax,%rbx` as GNU tools do, or `mov rbx,rax` as Intel's manuals do. */
export type Syntax = 'att' | 'intel';
