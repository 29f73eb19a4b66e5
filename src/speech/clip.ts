import { FishError } from '../fish/errors.ts';
import { explain } from './failures.ts';
import type { Line } from './line.ts';
import type { SoundOptions } from './sound.ts';
import { voiced } from './voice-fallback.ts';

/**
 * Has a text said for a file, and not in a voice channel; returns its packets of 20 ms. It counts towards the caps like
 * a line, and does not say who speaks. Throws Unsaid at a cap, and a UserError if Fish Audio fails, or has not finished
 * when the signal is aborted.
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
    const playback = { played: 0, keep: (count: number) => (packets.length = count) };
    const options = { ...how, signal, log, onText, onRepeat, playback };
    for await (const packet of voiced(fish, { lane: guildId, text }, options)) packets.push(packet);
    return packets;
  } catch (error) {
    throw error instanceof FishError || signal.aborted ? explain(error) : error;
  } finally {
    reservation.release();
  }
}
