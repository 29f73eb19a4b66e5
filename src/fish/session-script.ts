import { isAudible } from './pieces.ts';
import { encodeFlush, encodeText } from './protocol.ts';

// Keeps the words that one session was asked to say, and makes the frames for Fish Audio from them. `session.ts` sends
// the frames; what an event looks like on the wire is in `protocol.ts`.

export class SessionScript {
  /** How many UTF-8 bytes of words there are so far, which is what Fish bills. */
  bytes = 0;
  said = '';
  #sinceFlush = '';

  /** Whether there are words after the last `flush`. */
  get unfinished(): boolean {
    return this.#sinceFlush !== '';
  }

  /** Whether the words after the last `flush` can be heard; where they cannot, nobody may wait for their audio. */
  get sounds(): boolean {
    return isAudible(this.#sinceFlush);
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
