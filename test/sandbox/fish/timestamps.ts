const MS_PER_SECOND = 1_000;

/**
 * What each `audio` event tells besides its sound on the path `/with-timestamp`: where in the sound its chunk begins,
 * and when each word of it is said. The last event of a chunk carries no sound, but corrects what was told before.
 */
export class Timestamps {
  #chunk = -1;
  #text = '';
  /** Seconds of sound before this chunk, and within it. */
  #before = 0;
  #within = 0;

  /** The sound of another text begins. */
  begin(text: string): void {
    this.#chunk += 1;
    this.#text = text;
    this.#before += this.#within;
    this.#within = 0;
  }

  /** The fields of an event with `ms` of sound. */
  tell(ms: number): Record<string, unknown> {
    const from = this.#within;
    this.#within += ms / MS_PER_SECOND;
    return this.#fields([{ text: this.#text, start: from, end: this.#within }]);
  }

  /** The correction behind a chunk: an event of no sound. */
  correct(): Record<string, unknown> {
    const audio = new Uint8Array();
    return { audio, ...this.#fields([{ text: this.#text, start: 0, end: this.#within }]) };
  }

  #fields(segments: readonly object[]): Record<string, unknown> {
    return {
      content: this.#text,
      alignment: { segments, audio_duration: this.#within },
      chunk_seq: Math.max(0, this.#chunk),
      chunk_audio_offset_sec: this.#before,
    };
  }
}
