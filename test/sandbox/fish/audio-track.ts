/** The bytes of one `audio` event. */
export interface AudioPiece {
  readonly bytes: Buffer;
  /** The Opus packets whose last byte is in it. */
  readonly packets: readonly Buffer[];
  /** How long its sound lasts; 0 for all but the last part of a page that was cut in parts. */
  readonly ms: number;
  /** A part of a page that goes out at once behind the one before. */
  readonly sequel: boolean;
}

/** What a session speaks, in one of Fish's formats. */
export interface AudioTrack {
  /** The events that are due once `text` is synthesised. */
  speak(text: string): Promise<AudioPiece[]>;
  /** The last events. */
  drain(): AudioPiece[];
}
