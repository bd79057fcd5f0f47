import { InputError } from '../../input-error.js';

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
  EPIPE: 'its reader has gone away',
  EMFILE: 'too many open files',
};

/** An error of the operating system about a file that the user named, as the user's error; others pass unchanged. */
export function systemError(what: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  return new InputError(`${what}: ${WORDS[error.code] ?? error.code}`);
}

/** The reason alone: `no such file or directory`. */
export function systemReason(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return WORDS[error.code] ?? error.code;
}
