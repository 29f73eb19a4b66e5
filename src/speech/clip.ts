import { FishError } from '../fish/errors.ts';
import { explain } from './failures.ts';
import type { Line } from './line.ts';
import { payForWritten } from './payment.ts';
import { type SpeechMeans, type Spoken, speech } from './speech.ts';

/**
 * Has a text said for a file, and not in a voice channel; returns its packets of 20 ms. It counts towards the caps like
 * a line, does not say who speaks, and is neither said from memory nor kept there. Throws Unsaid at a cap, and a
 * UserError if Fish Audio fails, or has not finished when the signal is aborted.
 */
export async function clipOf(
  line: Spoken & Pick<Line, 'userId' | 'text' | 'caps'>,
  means: SpeechMeans,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const { userId, text, caps } = line;
  means.budget.admit({ guildId: means.guildId, userId, bytes: Buffer.byteLength(text), caps });
  const payment = payForWritten(line, words => words, means);
  const { memory: _memory, ...anew } = line;
  const packets: Uint8Array[] = [];
  const playback = { played: 0, keep: (count: number) => (packets.length = count) };
  try {
    for await (const packet of speech(anew, means, { payment, waiting: 0, signal, playback }))
      packets.push(packet);
    return packets;
  } catch (error) {
    throw error instanceof FishError || signal.aborted ? explain(error) : error;
  }
}
