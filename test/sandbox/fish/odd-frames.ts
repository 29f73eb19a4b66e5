import { encode } from '@msgpack/msgpack';
import type { FishFault } from './behaviour.ts';

/** 0xc1 is the one byte that MessagePack never uses. */
const NOT_MESSAGEPACK = Uint8Array.of(0xc1, 0xff, 0x00);

/** Frames that a client must bear, before the audio event with this number (from 0). */
export function oddFrames(fault: FishFault | undefined, event: number): (string | Uint8Array)[] {
  if (fault?.kind === 'empty-audio') return [encode({ event: 'audio', audio: new Uint8Array(), time: 1 })];
  if (fault?.kind === 'text-frame') return [JSON.stringify({ event: 'audio', audio: '' })];
  if (fault?.kind === 'array-frame') return [encode(['audio', 1, 2])];
  if (fault?.kind === 'unknown-events') {
    return [
      encode({ event: 'log', message: 'synthesising' }),
      encode({ event: 'nobody-knows-this', more: [1, 2] }),
    ];
  }
  if (fault?.kind !== 'malformed' || event > 0) return [];
  return Array.from<Uint8Array>({ length: fault.times ?? 1 }).fill(NOT_MESSAGEPACK);
}
