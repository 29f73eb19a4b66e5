/** A packet as it comes from the sandbox. */
export interface SoundFrame {
  readonly silence: boolean;
  readonly endToEnd: boolean;
  /** How loud it is, 0 to 255. */
  readonly level: number;
  /** The number of its line; 0 for none. */
  readonly line: number;
  readonly opus: Uint8Array;
}

const HEADER_BYTES = 6;

/** Reads a binary frame, whose form `../sound-frame.ts` tells. */
export function readSoundFrame(frame: ArrayBuffer): SoundFrame {
  const view = new DataView(frame);
  const flags = view.getUint8(0);
  return {
    silence: (flags & 1) !== 0,
    endToEnd: (flags & 2) !== 0,
    level: view.getUint8(1),
    line: view.getUint32(2),
    opus: new Uint8Array(frame, HEADER_BYTES),
  };
}
