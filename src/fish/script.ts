import { encodeFlush, encodeText } from './protocol.ts';

/** What has been said in a session, and the frames that say it. */
export class Script {
  /** UTF-8, which is what Fish bills. */
  bytes = 0;
  said = '';
  #sinceFlush = '';

  /** There are words that no `flush` has followed. */
  get unfinished(): boolean {
    return this.#sinceFlush !== '';
  }

  /** And they make a sound: a flush of spaces or dots may bring no audio, and none must be waited for. */
  get sounds(): boolean {
    return /[\p{L}\p{N}]/u.test(this.#sinceFlush);
  }

  say(text: string): Uint8Array {
    this.bytes += Buffer.byteLength(text);
    this.said += text;
    this.#sinceFlush += text;
    return encodeText(text);
  }

  flush(): Uint8Array {
    this.#sinceFlush = '';
    return encodeFlush();
  }
}
