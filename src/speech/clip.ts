import { FishError } from '../fish/errors.ts';
import { explain } from './failures.ts';
import type { Line } from './line.ts';
import type { SoundOptions } from './sound.ts';
import { voiced } from './voice-fallback.ts';

/**
 * What is said, as the very packets of Fish Audio (20 ms each), for a file instead of a channel: admitted and paid for
 * like a line, in the name of nobody. Throws Unsaid at a cap, and a UserError where
 * Fish Audio fails or does not end before the signal.
 */
export async function clipOf(
  {
    userId,
    text,
    manner,
    caps,
    onVoiceGone,
    onVoiceSpoke,
  }: Pick<Line, 'userId' | 'text' | 'manner' | 'caps' | 'onVoiceGone' | 'onVoiceSpoke'>,
  { guildId, fish, budget, gone, log }: SoundOptions,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const request = { guildId, userId, bytes: Buffer.byteLength(text), caps };
  budget.admit(request);
  const reservation = budget.reserve(request);
  try {
    const packets: Uint8Array[] = [];
    const onText = (sent: number) => reservation.spent(sent);
    const onRepeat = () => reservation.renew();
    const told = { ...(onVoiceGone && { onVoiceGone }), ...(onVoiceSpoke && { onVoiceSpoke }) };
    const how = { manner, waiting: 0, gone, ...told };
    const delivery = { played: 0, keep: (count: number) => (packets.length = count) };
    const options = { ...how, signal, log, onText, onRepeat, delivery };
    for await (const packet of voiced(fish, { lane: guildId, text }, options)) packets.push(packet);
    return packets;
  } catch (error) {
    throw error instanceof FishError || signal.aborted ? explain(error) : error;
  } finally {
    reservation.release();
  }
}
