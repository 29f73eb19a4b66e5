import type { Listener } from '../sandbox/discord/voice-api.ts';
import type { FakeFish } from '../sandbox/fish/fish.ts';

/** A line as a listener heard it to its end. */
export interface HeardLine {
  /** As it was sent to Fish Audio. */
  readonly text: string;
  /** The voice that Fish Audio was asked for; undefined for its own. */
  readonly voice: unknown;
}

/** What was heard, line by line; a line counts once all its packets came, in order and without any other between. */
export function linesHeard(fish: FakeFish, listeners: readonly Listener[]): HeardLine[] {
  const packets = listeners.flatMap(listener => listener.speech()).map(packet => packet.toString('latin1'));
  const lines: HeardLine[] = [];
  for (let at = 0; at < packets.length; ) {
    const session = fish.sessions.find(
      ({ packets: sent, ended }) =>
        ended === 'finish' &&
        sent.length > 0 &&
        sent.every((packet, index) => packets[at + index] === packet.toString('latin1')),
    );
    if (!session) break;
    lines.push({ text: session.text.trim(), voice: session.request['reference_id'] ?? undefined });
    at += session.packets.length;
  }
  return lines;
}
