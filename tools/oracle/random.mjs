/** A small seeded generator (sfc32): the same seed gives the same tests on every machine. */
export class Random {
  #state;

  /** @param {string} seed any text; each instruction form draws from its own stream */
  constructor(seed) {
    let hash = 0x811c9dc5;
    for (const character of seed) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
    this.#state = [hash, hash ^ 0x9e3779b9, 0x243f6a88, 1];
    for (let i = 0; i < 16; i++) this.#next();
  }

  #next() {
    const s = this.#state;
    const out = (s[0] + s[1] + s[3]) | 0;
    s[3] = (s[3] + 1) | 0;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = (s[2] + (s[2] << 3)) | 0;
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + out;
    return out >>> 0;
  }

  /** A whole number, 0 <= n < `end`. */
  below(end) {
    return this.#next() % end;
  }

  /** A whole number, `first` <= n <= `last`. */
  between(first, last) {
    return first + this.below(last - first + 1);
  }

  /** True with the given probability. */
  chance(probability) {
    return this.#next() < probability * 2 ** 32;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** One of the names in `weights` ({name: weight}). */
  weighted(weights) {
    const entries = Object.entries(weights);
    let at = this.below(entries.reduce((sum, [, weight]) => sum + weight, 0));
    for (const [name, weight] of entries) {
      at -= weight;
      if (at < 0) return name;
    }
    return entries[0][0];
  }

  /** An unsigned bigint of `bits` random bits. */
  bits(bits) {
    let wide = 0n;
    for (let have = 0; have < Math.max(bits, 64); have += 32) wide = (wide << 32n) | BigInt(this.#next());
    return BigInt.asUintN(bits, wide);
  }

  /** A packed value: every lane of 8, 16, 32, 64 or all bits at a boundary, often several alike. */
  lanes(bits) {
    const lane = this.pick([8, 8, 16, 16, 32, 64, bits]);
    if (lane >= bits) return this.chance(0.5) ? this.bits(bits) : this.value(bits);
    const repeated = this.chance(0.15) ? this.value(lane) : undefined;
    let value = 0n;
    for (let at = 0; at < bits; at += lane) value |= (repeated ?? this.value(lane)) << BigInt(at);
    return value;
  }

  /** One byte over and over. */
  #pattern(bits) {
    const byte = this.pick([0x55n, 0xaan, 0x0fn, 0xf0n, 0x7fn, 0x80n, 0x01n, 0xfen]);
    let value = 0n;
    for (let at = 0; at < bits; at += 8) value |= byte << BigInt(at);
    return value;
  }

  /** A border of a smaller size, zero- or sign-extended: 0x7f, 0x80, 0xff, 0x100 ... */
  #narrower(bits) {
    const size = BigInt(this.pick([8, 16, 32, 64].filter((each) => each < bits).concat(bits)));
    const border = this.pick([1n << (size - 1n), 1n << size]) - BigInt(this.below(3) - 1);
    return this.chance(0.3) ? -border : border;
  }

  /**
   * An unsigned value of `bits` bits, mostly at a boundary: 0, 1, -1, the sign bit, powers of two, small numbers,
   * borders of smaller sizes, ones in a part, one byte repeated.
   */
  value(bits) {
    const one = 1n;
    const power = one << BigInt(this.below(bits));
    const choice = {
      zero: () => 0n,
      one: () => one,
      ones: () => -one,
      sign: () => one << BigInt(bits - 1),
      belowSign: () => (one << BigInt(bits - 1)) - one,
      power: () => power,
      abovePower: () => power + one,
      belowPower: () => power - one,
      minusPower: () => -power,
      pattern: () => this.#pattern(bits),
      part: () => ((one << BigInt(1 + this.below(bits))) - one) << BigInt(this.below(bits)),
      narrower: () => this.#narrower(bits),
      small: () => BigInt(this.below(256)),
      minusSmall: () => -BigInt(this.below(256)),
      any: () => this.bits(bits),
    };
    const weights = { zero: 3, one: 2, ones: 3, sign: 3, belowSign: 3, power: 2, abovePower: 1, belowPower: 2 };
    return BigInt.asUintN(
      bits,
      choice[
        this.weighted({ ...weights, pattern: 2, part: 2, narrower: 3, minusPower: 1, small: 3, minusSmall: 2, any: 6 })
      ](),
    );
  }
}
