/** The relocation types of the x86-64 psABI (table 4.9) by number, without the prefix that they share. */
const NAMES: readonly string[] = [
  ...['NONE', '64', 'PC32', 'GOT32', 'PLT32', 'COPY', 'GLOB_DAT', 'JUMP_SLOT', 'RELATIVE', 'GOTPCREL'],
  ...['32', '32S', '16', 'PC16', '8', 'PC8', 'DTPMOD64', 'DTPOFF64', 'TPOFF64', 'TLSGD'],
  ...['TLSLD', 'DTPOFF32', 'GOTTPOFF', 'TPOFF32', 'PC64', 'GOTOFF64', 'GOTPC32', 'GOT64', 'GOTPCREL64', 'GOTPC64'],
  ...['GOTPLT64', 'PLTOFF64', 'SIZE32', 'SIZE64', 'GOTPC32_TLSDESC', 'TLSDESC_CALL', 'TLSDESC', 'IRELATIVE'],
  ...['RELATIVE64', 'PC32_BND', 'PLT32_BND', 'GOTPCRELX', 'REX_GOTPCRELX', 'CODE_4_GOTPCRELX'],
  ...['CODE_4_GOTTPOFF', 'CODE_4_GOTPC32_TLSDESC'],
];

/** What the psABI calls a relocation type, such as `R_X86_64_PC32`; undefined if it does not know it. */
export function relocationName(type: number): string | undefined {
  const name = NAMES[type];
  return name === undefined ? undefined : `R_X86_64_${name}`;
}
