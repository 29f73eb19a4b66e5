import type { Listener } from '../sandbox/discord/voice-api.ts';
import type { FakeFish } from '../sandbox/fish/fish.ts';

/** A line that listeners heard to its end. */
export interface HeardLine {
  /** The text as it was sent to Fish Audio. */
  readonly text: string;
  /** The id of the voice that Fish Audio was asked for; undefined for its default voice. */
  readonly voice: unknown;
}

/** The packets as text: those who wait for lines look at the same ones again and again. */
const keys = new WeakMap<Buffer, string>();

function keyOf(packet: Buffer): string {
  const known = keys.get(packet);
  if (known !== undefined) return known;
  const key = packet.toString('latin1');
  keys.set(packet, key);
  return key;
}

/**
 * The lines that were heard, in order. A line counts when all its packets have come, in order and without other packets
 * between them.
 */
export function linesHeard(fish: FakeFish, listeners: readonly Listener[]): HeardLine[] {
  const packets = listeners.flatMap(listener => listener.speech()).map(keyOf);
  const lines: HeardLine[] = [];
  for (let at = 0; at < packets.length; ) {
    const session = fish.sessions.find(
      ({ packets: sent, ended }) =>
        ended === 'finish' &&
        sent.length > 0 &&
        sent.every((packet, index) => packets[at + index] === keyOf(packet)),
    );
    if (!session) break;
    lines.push({ text: session.text.trim(), voice: session.request['reference_id'] ?? undefined });
    at += session.packets.length;
  }
  return lines;
}
