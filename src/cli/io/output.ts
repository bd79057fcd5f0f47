import { closeSync, openSync, realpathSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../../input-error.js';
import { fileStatus } from './file-status.js';
import { systemError } from './system-error.js';

/** Where text or bytes go, in order. Whoever writes much flushes now and then, so that nothing piles up in memory. */
export interface Output {
  write(data: string | Uint8Array): void;
  flush(): Promise<void>;
  /** Everything is written; a file appears under its name. */
  finish(): Promise<void>;
  /** Nothing shall be left of it; what a reader of standard output has seen cannot be taken back. */
  discard(): void;
}

/** Parts of an output that wait, as few as possible: text is put together before it becomes bytes. */
class Pending {
  private readonly parts: Uint8Array[] = [];
  private text = '';
  /** Characters and bytes. */
  size = 0;

  add(data: string | Uint8Array): void {
    this.size += data.length;
    if (typeof data === 'string') this.text += data;
    else this.parts.push(...this.takeText(), data);
  }

  take(): Uint8Array {
    const parts = [...this.parts.splice(0), ...this.takeText()];
    this.size = 0;
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  private takeText(): readonly Uint8Array[] {
    const { text } = this;
    this.text = '';
    return text === '' ? [] : [Buffer.from(text)];
  }
}

/** Standard output. */
export class StandardOutput implements Output {
  private readonly pending = new Pending();

  write(data: string | Uint8Array): void {
    this.pending.add(data);
  }

  /** Resolves when the stream has taken the data, so that a slow reader slows us down. */
  async flush(): Promise<void> {
    if (this.pending.size === 0) return;
    const data = this.pending.take();
    await new Promise<void>((resolve) => {
      process.stdout.write(data, () => resolve());
    });
  }

  finish(): Promise<void> {
    return this.flush();
  }

  discard(): void {
    this.pending.take();
  }
}

/** What a file keeps in memory before it writes, in bytes. */
const CHUNK = 1 << 16;

/**
 * A file. It is written under a temporary name beside its own and renamed when it is whole; something that is no
 * regular file (a device, a pipe) is written directly.
 */
export class FileOutput implements Output {
  private readonly descriptor: number;
  private readonly target: string;
  /** What is open now; undefined when it is the target itself. */
  private readonly temporary: string | undefined;
  private open = true;
  private readonly pending = new Pending();

  /** @throws InputError when the file cannot be made. */
  constructor(private readonly path: string) {
    const existing = fileStatus(path, 'write');
    if (existing?.isDirectory()) throw new InputError(`cannot write ${path}: it is a directory`);
    const special = existing !== undefined && !existing.isFile();
    this.target = existing === undefined || special ? path : realpathSync(path);
    this.temporary = special ? undefined : temporaryName(this.target);
    try {
      this.descriptor = openSync(this.temporary ?? path, special ? 'w' : 'wx');
    } catch (error) {
      throw systemError(`cannot write ${path}`, error);
    }
    process.once('exit', this.discard);
  }

  write(data: string | Uint8Array): void {
    this.pending.add(data);
    if (this.pending.size >= CHUNK) this.writeOut();
  }

  private writeOut(): void {
    try {
      const bytes = this.pending.take();
      for (let done = 0; done < bytes.length; ) done += writeSync(this.descriptor, bytes, done);
    } catch (error) {
      this.discard();
      throw systemError(`cannot write ${this.path}`, error);
    }
  }

  async flush(): Promise<void> {
    if (this.open) this.writeOut();
  }

  async finish(): Promise<void> {
    if (!this.open) return;
    this.writeOut();
    this.close();
    try {
      if (this.temporary !== undefined) renameSync(this.temporary, this.target);
    } catch (error) {
      if (this.temporary !== undefined) rmSync(this.temporary, { force: true });
      throw systemError(`cannot write ${this.path}`, error);
    }
  }

  readonly discard = (): void => {
    if (!this.open) return;
    this.close();
    if (this.temporary !== undefined) rmSync(this.temporary, { force: true });
  };

  private close(): void {
    this.open = false;
    process.removeListener('exit', this.discard);
    closeSync(this.descriptor);
  }
}

function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
}
