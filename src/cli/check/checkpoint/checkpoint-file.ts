import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../../../input-error.js';
import { bytesOf, type RecordSink, type RecordSource } from '../../../search/checkpoint/records.js';
import { systemError, systemReason } from '../../io/system-error.js';

/**
 * The format of checkpoints: this line; records, each the length of its name (4 bytes), the length of its data (8), the name
 * (UTF-8) and the data, numbers little-endian; and at the end the SHA-256 of all that.
 */
const MAGIC = 'xmc-checkpoint/1\n';
const ANY_MAGIC = /^xmc-checkpoint\/\d+\n/;
const HEADER_BYTES = 12;
const CHECKSUM_BYTES = 32;
/** Bytes that are read or written at a time: the system takes no more than 2 GB. */
const PIECE = 1 << 24;

/**
 * Writes a checkpoint, whole or not at all: under a temporary name, brought to the disk, and renamed. Whoever is killed
 * meanwhile leaves what was there before.
 * @throws InputError when it cannot be written; what was there before is still there.
 */
export function writeCheckpoint(path: string, put: (sink: RecordSink) => void): void {
  const temporary = `${path}.new`;
  try {
    const descriptor = openSync(temporary, 'w');
    try {
      const checksum = createHash('sha256');
      const write = (bytes: Uint8Array): void => {
        for (let at = 0; at < bytes.length; )
          at += writeSync(descriptor, bytes, at, Math.min(PIECE, bytes.length - at));
        checksum.update(bytes);
      };
      write(Buffer.from(MAGIC));
      put({
        put(name, data) {
          const [named, bytes] = [Buffer.from(name), bytesOf(data)];
          const header = Buffer.alloc(HEADER_BYTES);
          header.writeUInt32LE(named.length, 0);
          header.writeBigUInt64LE(BigInt(bytes.length), 4);
          for (const part of [header, named, bytes]) write(part);
        },
      });
      writeSync(descriptor, checksum.digest());
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
    syncDirectory(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw systemError(`cannot write the checkpoint ${path}`, error);
  }
}

/** Brings the new name of a file to the disk. Windows opens no directories. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A checkpoint whose checksum is right. Its records are read when they are asked for. */
export class CheckpointFile implements RecordSource {
  private readonly records: { readonly name: string; readonly at: number; readonly length: number }[] = [];

  /** @throws InputError when it cannot be read, or is none of this format, or is damaged. */
  constructor(readonly path: string) {
    this.reading((descriptor) => {
      const { size } = fstatSync(descriptor);
      this.checkFormat(descriptor, size);
      const end = size - CHECKSUM_BYTES;
      if (end < MAGIC.length || !checksumOf(descriptor, end).equals(bytesAt(descriptor, end, CHECKSUM_BYTES)))
        throw new InputError('a damaged checkpoint: it is cut off, or not as it was written', {
          location: { file: path },
        });
      for (let at = MAGIC.length; at < end; ) {
        const header = Buffer.from(bytesAt(descriptor, at, HEADER_BYTES));
        const [named, length] = [header.readUInt32LE(0), Number(header.readBigUInt64LE(4))];
        const name = Buffer.from(bytesAt(descriptor, at + HEADER_BYTES, named)).toString();
        at += HEADER_BYTES + named;
        this.records.push({ name, at, length });
        at += length;
      }
    });
  }

  private checkFormat(descriptor: number, size: number): void {
    const start = Buffer.from(bytesAt(descriptor, 0, Math.min(size, 2 * MAGIC.length))).toString('latin1');
    if (start.startsWith(MAGIC)) return;
    const [other] = ANY_MAGIC.exec(start) ?? [];
    const what = other === undefined ? 'not an xmc checkpoint' : `a checkpoint of another format, ${other.trim()}`;
    throw new InputError(what, { location: { file: this.path } });
  }

  *all(wanted: string): Iterable<Uint8Array> {
    for (const { name, at, length } of this.records) {
      if (name === wanted) yield this.reading((descriptor) => bytesAt(descriptor, at, length));
    }
  }

  private reading<T>(read: (descriptor: number) => T): T {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(this.path, 'r');
      return read(descriptor);
    } catch (error) {
      const reason = systemReason(error);
      throw reason === undefined
        ? error
        : new InputError(`cannot be read: ${reason}`, { location: { file: this.path } });
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }
}

function bytesAt(descriptor: number, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const read = readSync(descriptor, bytes, done, Math.min(PIECE, length - done), at + done);
    if (read === 0) throw new Error('a checkpoint became shorter while it was read');
    done += read;
  }
  return bytes;
}

function checksumOf(descriptor: number, end: number): Buffer {
  const checksum = createHash('sha256');
  for (let at = 0; at < end; at += PIECE) checksum.update(bytesAt(descriptor, at, Math.min(PIECE, end - at)));
  return checksum.digest();
}
