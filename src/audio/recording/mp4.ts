/** Boxes that hold the way to a track's handler (ISO 14496-12). */
const CONTAINERS = new Set(['moov', 'trak', 'mdia']);
const BOX_HEADER_BYTES = 8;
/** From the start of a handler box to the kind of its track. */
const HANDLER_AT = 16;
/** So many boxes are looked at: real files of one recording have some dozens on the way. */
const MAX_BOXES = 1_000;

/** Whether an MP4 file holds pictures; with no track found, whether it says that it is not only audio. */
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

/** A size of 0 means: to the end of the file; 1: eight more bytes have it. */
function boxBytes(bytes: Buffer, at: number): number {
  const size = bytes.readUInt32BE(at);
  if (size === 1 && at + 16 <= bytes.length) return Math.max(16, Number(bytes.readBigUInt64BE(at + 8)));
  return size === 0 ? bytes.length : Math.max(BOX_HEADER_BYTES, size);
}
