import type { Arg, Value, Variable } from '../insn.js';
import { OP, type WasmCode } from './wasm-code.js';
import { LOCAL } from './wasm-locals.js';
import { Constant, Read, type Recorder, WasmValue } from './wasm-values.js';

type Statement = (code: WasmCode) => void;

/** The statements of a definition in the order in which it makes them; code is emitted when all of them are known. */
export class WasmRecorder implements Recorder {
  private body: Statement[] = [];
  private nextLocal: number = LOCAL.values;
  /** How many value locals were used. */
  localsUsed = 0;

  /** Emits what was recorded. */
  emit(code: WasmCode): void {
    for (const statement of this.body) statement(code);
  }

  value(arg: Arg): WasmValue {
    if (arg instanceof WasmValue) return arg;
    if (typeof arg === 'object') throw new Error('a value of another backend');
    return new Constant(this, BigInt(arg));
  }

  pure(value: WasmValue): WasmValue {
    this.body.push((code) => {
      if (value.uses > 1) value.bind(code, this.allocate());
    });
    return value;
  }

  /** A value that is read here and now, however often it is used. */
  protected read(emit: (code: WasmCode) => void): Value {
    const value = new Read(this, emit);
    this.body.push((code) => value.bind(code, this.allocate()));
    return value;
  }

  /** The value, which code is going to push once. */
  protected use(arg: Arg): WasmValue {
    const value = this.value(arg);
    value.uses++;
    return value;
  }

  protected effect(statement: Statement): void {
    this.body.push(statement);
  }

  variable(initial: Arg): Variable {
    const first = this.use(initial);
    let local = -1;
    this.effect((code) => {
      local = this.allocate();
      first.push(code);
      code.set(local);
    });
    return {
      read: () => this.read((code) => code.get(local)),
      write: (arg) => {
        const next = this.use(arg);
        this.effect((code) => {
          next.push(code);
          code.set(local);
        });
      },
    };
  }

  loop(count: Arg, body: (index: Value) => void): void {
    const counter = this.variable(0);
    const end = this.variable(count).read();
    let done = 0;
    const pass = this.collect(() => {
      const index = counter.read();
      const goesOn = this.use(index.ltu(end));
      this.effect((code) => {
        goesOn.push(code);
        code.op(OP.i64Eqz);
        code.branchIf(done);
      });
      body(index);
      counter.write(index.add(1));
    });
    this.effect((code) => {
      done = code.block();
      const top = code.loop();
      for (const statement of pass) statement(code);
      code.branch(top);
      code.end();
      code.end();
    });
  }

  /** Records `part` apart and gives its statements. */
  protected collect(part: () => void): readonly Statement[] {
    const outer = this.body;
    const inner: Statement[] = [];
    this.body = inner;
    part();
    this.body = outer;
    return inner;
  }

  private allocate(): number {
    const local = this.nextLocal++;
    this.localsUsed = Math.max(this.localsUsed, this.nextLocal - LOCAL.values);
    return local;
  }
}
