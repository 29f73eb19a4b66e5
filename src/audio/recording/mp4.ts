// An MP4 file may be a video or only sound. Neither can be used as a recording, but people are told which of them it
// was.

/** The boxes in which the handler box of a track is nested (ISO 14496-12). */
const CONTAINERS = new Set(['moov', 'trak', 'mdia']);
const BOX_HEADER_BYTES = 8;
/** In a handler box, the kind of the track stands this many bytes after the start. */
const HANDLER_AT = 16;
/** At most this many boxes are read; in real files the kind of the track stands within the first dozens. */
const MAX_BOXES = 1_000;

/** Whether an MP4 file is a video. A file without tracks counts as one, unless it says that it is M4A or M4B audio. */
export function isVideo(bytes: Buffer): boolean {
  let sound = /^M4[AB] $/.test(bytes.toString('latin1', 8, 12));
  let at = 0;
  for (let boxes = 0; boxes < MAX_BOXES && at + BOX_HEADER_BYTES <= bytes.length; boxes++) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'hdlr') {
      const handler = bytes.toString('latin1', at + HANDLER_AT, at + HANDLER_AT + 4);
      if (handler === 'vide') return true;
      sound ||= handler === 'soun';
    }
    at += CONTAINERS.has(type) ? BOX_HEADER_BYTES : boxBytes(bytes, at);
  }
  return !sound;
}

/**
 * The length of the box at `at`. A size of 0 means up to the end of the file; 1 means that eight more bytes hold it.
 */
function boxBytes(bytes: Buffer, at: number): number {
  const size = bytes.readUInt32BE(at);
  if (size === 1 && at + 16 <= bytes.length) return Math.max(16, Number(bytes.readBigUInt64BE(at + 8)));
  return size === 0 ? bytes.length : Math.max(BOX_HEADER_BYTES, size);
}
