import { Formatter, FormatterSyntax } from '../iced.js';
import type { Syntax } from '../syntax.js';

/** Of iced's Intel syntaxes, MASM's is the one that GNU as follows. */
const syntaxes: Readonly<Record<Syntax, FormatterSyntax>> = {
  att: FormatterSyntax.Gas,
  intel: FormatterSyntax.Masm,
};

const formatters = new Map<Syntax, Formatter>();

/** The formatter for a syntax, made once: lower-case 0x numbers, %rip-relative operands as written, plain mnemonics. */
export function formatterFor(syntax: Syntax): Formatter {
  const known = formatters.get(syntax);
  if (known !== undefined) return known;
  const formatter = new Formatter(syntaxes[syntax]);
  formatter.uppercaseHex = false;
  formatter.hexPrefix = '0x';
  formatter.hexSuffix = '';
  formatter.smallHexNumbersInDecimal = false;
  formatter.showZeroDisplacements = true;
  formatter.ripRelativeAddresses = true;
  formatter.usePseudoOps = false;
  formatter.showUselessPrefixes = true;
  formatter.showBranchSize = false;
  // In Intel syntax; in AT&T syntax iced would put a comma where no index is.
  formatter.alwaysShowScale = syntax === 'intel';
  formatters.set(syntax, formatter);
  return formatter;
}
