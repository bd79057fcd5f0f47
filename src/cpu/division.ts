/**
 * Divides a 128-bit dividend by a 64-bit divisor that is not 0, truncating towards 0.
 * @returns unsigned 64-bit quotient and remainder, and whether the quotient does not fit.
 */
export function divide128(
  high: bigint,
  low: bigint,
  divisor: bigint,
  signed: boolean,
): { quotient: bigint; remainder: bigint; overflow: boolean } {
  const whole = (BigInt.asUintN(64, high) << 64n) | BigInt.asUintN(64, low);
  const dividend = signed ? BigInt.asIntN(128, whole) : whole;
  const by = signed ? BigInt.asIntN(64, divisor) : BigInt.asUintN(64, divisor);
  const quotient = dividend / by;
  const fits = signed ? BigInt.asIntN(64, quotient) : BigInt.asUintN(64, quotient);
  return {
    quotient: BigInt.asUintN(64, quotient),
    remainder: BigInt.asUintN(64, dividend % by),
    overflow: fits !== quotient,
  };
}
