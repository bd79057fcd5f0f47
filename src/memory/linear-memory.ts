/** The one linear memory of a machine with its typed views. Little-endian, as the guest is. */
export class LinearMemory {
  readonly wasm: WebAssembly.Memory;
  readonly u8: Uint8Array;
  /** The same bytes as 32-bit words, for loops that are too hot for {@link int32}. */
  readonly i32: Int32Array;
  private readonly u64: BigUint64Array;
  private readonly view: DataView;

  /** @param bytes Size in bytes; untouched parts cost address space only. */
  constructor(bytes: number) {
    const pages = Math.ceil(bytes / 0x10000);
    this.wasm = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.u8 = new Uint8Array(this.wasm.buffer);
    this.i32 = new Int32Array(this.wasm.buffer);
    this.u64 = new BigUint64Array(this.wasm.buffer);
    this.view = new DataView(this.wasm.buffer);
  }

  /** Aligned 32-bit read. */
  int32(offset: number): number {
    return this.i32[offset >>> 2] ?? 0;
  }

  /** Aligned 32-bit write. */
  setInt32(offset: number, value: number): void {
    this.i32[offset >>> 2] = value;
  }

  /** Aligned 64-bit read. */
  uint64(offset: number): bigint {
    return this.u64[offset >>> 3] ?? 0n;
  }

  /** Aligned 64-bit write; the value is taken modulo 2^64. */
  setUint64(offset: number, value: bigint): void {
    this.u64[offset >>> 3] = BigInt.asUintN(64, value);
  }

  /** Read of 1, 2, 4 or 8 bytes at any offset, zero-extended. */
  readSized(offset: number, size: number): bigint {
    switch (size) {
      case 1:
        return BigInt(this.view.getUint8(offset));
      case 2:
        return BigInt(this.view.getUint16(offset, true));
      case 4:
        return BigInt(this.view.getUint32(offset, true));
      case 8:
        return this.view.getBigUint64(offset, true);
      default:
        throw new Error(`access of ${size} bytes`);
    }
  }

  /** Write of the low 1, 2, 4 or 8 bytes of a value at any offset. */
  writeSized(offset: number, size: number, value: bigint): void {
    switch (size) {
      case 1:
        this.view.setUint8(offset, Number(value & 0xffn));
        break;
      case 2:
        this.view.setUint16(offset, Number(value & 0xffffn), true);
        break;
      case 4:
        this.view.setUint32(offset, Number(value & 0xffffffffn), true);
        break;
      case 8:
        this.view.setBigUint64(offset, value, true);
        break;
      default:
        throw new Error(`access of ${size} bytes`);
    }
  }
}
