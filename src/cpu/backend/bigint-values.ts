import type { Arg, Size, Value } from '../insn.js';

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const i64 = (value: bigint): bigint => BigInt.asIntN(64, value);
const of = (value: bigint): BigintValue => new BigintValue(u64(value));
const truth = (value: boolean): BigintValue => of(value ? 1n : 0n);

/** The bigint inside an argument, unsigned. */
export function bigintOf(arg: Arg): bigint {
  if (arg instanceof BigintValue) return arg.value;
  if (typeof arg === 'object') throw new Error('a value of another backend');
  return u64(BigInt(arg));
}

/** A value that is a bigint, 0 to 2^64 - 1. */
export class BigintValue implements Value {
  constructor(readonly value: bigint) {}

  add(other: Arg): Value {
    return of(this.value + bigintOf(other));
  }
  sub(other: Arg): Value {
    return of(this.value - bigintOf(other));
  }
  mul(other: Arg): Value {
    return of(this.value * bigintOf(other));
  }
  and(other: Arg): Value {
    return of(this.value & bigintOf(other));
  }
  or(other: Arg): Value {
    return of(this.value | bigintOf(other));
  }
  xor(other: Arg): Value {
    return of(this.value ^ bigintOf(other));
  }
  not(): Value {
    return of(~this.value);
  }
  neg(): Value {
    return of(-this.value);
  }
  shl(count: Arg): Value {
    return of(this.value << (bigintOf(count) & 63n));
  }
  shr(count: Arg): Value {
    return of(this.value >> (bigintOf(count) & 63n));
  }
  sar(count: Arg): Value {
    return of(i64(this.value) >> (bigintOf(count) & 63n));
  }
  eq(other: Arg): Value {
    return truth(this.value === bigintOf(other));
  }
  ne(other: Arg): Value {
    return truth(this.value !== bigintOf(other));
  }
  ltu(other: Arg): Value {
    return truth(this.value < bigintOf(other));
  }
  lts(other: Arg): Value {
    return truth(i64(this.value) < i64(bigintOf(other)));
  }
  zext(size: Size): Value {
    return of(BigInt.asUintN(8 * size, this.value));
  }
  sext(size: Size): Value {
    return of(BigInt.asIntN(8 * size, this.value));
  }
  bit(n: Arg): Value {
    return this.shr(n).and(1);
  }
  clz(): Value {
    return of(BigInt(this.value === 0n ? 64 : 64 - this.value.toString(2).length));
  }
  ctz(): Value {
    return of(BigInt(this.value === 0n ? 64 : (this.value & -this.value).toString(2).length - 1));
  }
  popcnt(): Value {
    return of(BigInt(this.value.toString(2).replaceAll('0', '').length));
  }
  choose(yes: Arg, no: Arg): Value {
    return of(this.value !== 0n ? bigintOf(yes) : bigintOf(no));
  }
}
