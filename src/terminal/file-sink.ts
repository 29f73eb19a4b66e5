import { access, constants, type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TtsRequest } from '../fish/protocol.ts';

// Writes the sound of `npm run say` to a file. `player-sink.ts` plays it instead.

/** Takes sound, piece by piece, and writes or plays it. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  /** Call this after the last piece. Resolves when all is written or played, with words that say where it went. */
  end(): Promise<string>;
  /** Stops at once, without the rest. */
  stop(): Promise<void>;
}

// A WAV that is streamed does not have its length in its head. These are the places where it is written at the end.
const RIFF_SIZE_AT = 4;
const SIZE_BYTES = 4;
const CHUNK_HEAD_BYTES = 8;

/** Writes sound to a file. The file is made with the first sound. */
export class FileSink implements Sink {
  readonly #path: string;
  readonly #format: TtsRequest['format'];
  #file: FileHandle | undefined;
  #bytes = 0;
  /** The place in the file at which a WAV has the size of its samples. */
  #dataSizeAt = 0;

  private constructor(path: string, format: TtsRequest['format']) {
    this.#path = path;
    this.#format = format;
  }

  /** A sink for the file at `path`. Rejects if it cannot be written, so that nothing is spent on the sound for it. */
  static async at(path: string, format: TtsRequest['format']): Promise<FileSink> {
    await access(dirname(path), constants.W_OK);
    const there = await stat(path).catch(() => null); // there need be no file yet
    if (there?.isDirectory()) throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
    if (there) await access(path, constants.W_OK);
    return new FileSink(path, format);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#file ??= await open(this.#path, 'w');
    if (this.#bytes === 0 && this.#format === 'wav')
      this.#dataSizeAt = Buffer.from(bytes).indexOf('data') + SIZE_BYTES;
    await this.#file.write(bytes);
    this.#bytes += bytes.length;
  }

  async end(): Promise<string> {
    await this.stop();
    return `written to ${this.#path}`;
  }

  async stop(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (!file) return;
    if (this.#dataSizeAt >= CHUNK_HEAD_BYTES) {
      await file.write(uint32(this.#bytes - CHUNK_HEAD_BYTES), 0, SIZE_BYTES, RIFF_SIZE_AT);
      const data = this.#bytes - this.#dataSizeAt - SIZE_BYTES;
      await file.write(uint32(data), 0, SIZE_BYTES, this.#dataSizeAt);
    }
    await file.close();
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(SIZE_BYTES);
  bytes.writeUInt32LE(value);
  return bytes;
}
