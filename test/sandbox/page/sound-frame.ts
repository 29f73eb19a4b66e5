import type { HeardPacket } from '../discord/voice-api.ts';

const HEADER_BYTES = 6;
const SILENCE = 1;
const END_TO_END = 2;

/**
 * A packet for the pages, as one binary frame: a byte of flags (1: silence; 2: it came end-to-end encrypted), a byte
 * for its loudness, the number of its line as 32 bits in network order (0: of none), and the Opus packet as it was
 * heard. The client's reader is `client/sound-frame.ts`.
 */
export function soundFrame({ opus, silence, endToEnd }: HeardPacket, line: number, level: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8((silence ? SILENCE : 0) | (endToEnd ? END_TO_END : 0), 0);
  header.writeUInt8(level, 1);
  header.writeUInt32BE(line, 2);
  return Buffer.concat([header, opus]);
}
