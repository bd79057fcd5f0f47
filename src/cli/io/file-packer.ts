import { gunzipSync, gzipSync } from 'node:zlib';
import type { FilePacker } from '../../explore/schedule-file.js';

/** The byte of a gzip header that names the operating system, and its value for "unknown" (RFC 1952). */
const GZIP_OS = { offset: 9, unknown: 255 } as const;

/** gzip and base64, for the files in a schedule. The same bytes give the same text on every system. */
export const GZIP_PACKER: FilePacker = {
  pack(bytes: Uint8Array): string {
    const packed = gzipSync(bytes, { level: 9 });
    packed[GZIP_OS.offset] = GZIP_OS.unknown;
    return packed.toString('base64');
  },
  unpack(base64: string, size: number): Uint8Array | undefined {
    const packed = Buffer.from(base64, 'base64');
    // Padding apart, what decodes otherwise than it was written was not written by us.
    if (packed.toString('base64') !== base64) return undefined;
    try {
      return new Uint8Array(gunzipSync(packed, { maxOutputLength: Math.max(1, size) }));
    } catch {
      return undefined;
    }
  },
};
