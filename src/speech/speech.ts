import type { Fish } from '../fish/fish.ts';
import type { VoiceHealth } from '../fish/voice-health.ts';
import type { Logger } from '../log.ts';
import type { Budget } from './budget.ts';
import type { SpeechCache } from './cache.ts';
import { FishCourses } from './journey.ts';
import type { Line } from './line.ts';
import type { Payment } from './payment.ts';
import { requestFor } from './request.ts';
import { type SynthesisOptions, synthesise } from './synthesis.ts';
import type { SpeechTally } from './tally.ts';
import { VoiceTrials } from './voice-trials.ts';

// The way of all that the bot says, from words that are paid for to packets of 20 ms: out of memory (`cache.ts`), or by
// Fish Audio (`synthesis.ts`), in another voice if nothing can be said in the first (`voice-trials.ts`).

/** What the lines of a guild need to become sound. */
export interface SpeechMeans {
  readonly guildId: string;
  readonly fish: Fish;
  readonly budget: Budget;
  /** In which voices nothing can be said now; all guilds share this. */
  readonly voiceHealth: VoiceHealth;
  /** Counts what all speech sessions of the process do. */
  readonly tally: SpeechTally;
  /** What was said before; all guilds share the memory, and none hears another's. */
  readonly cache: SpeechCache;
  readonly log: Logger;
}

/** The part of a line on which its sound depends; its words are in the payment. */
export type Spoken = Pick<Line, 'manner' | 'memory' | 'onVoiceGone' | 'onVoiceSpoke'>;

export interface SpeechOptions extends Pick<SynthesisOptions, 'signal' | 'tap' | 'playback'> {
  /** The words, and the bytes that are held for them. What is not sent is given back at the end. */
  readonly payment: Payment;
  /** How many other lines wait; speech gets faster when there are many. */
  readonly waiting: number;
  /** Notes the sessions with Fish Audio. If it is absent, they are only counted. */
  readonly courses?: FishCourses;
}

/** Yields the packets of a line. The conversation plays them, a clip keeps them in a file. */
export async function* speech(
  line: Spoken,
  { guildId, fish, voiceHealth, tally, cache, log }: SpeechMeans,
  {
    payment: { words, reservation },
    waiting,
    signal,
    courses = new FishCourses(course => tally.synthesised(course)),
    ...how
  }: SpeechOptions,
): AsyncGenerator<Uint8Array> {
  try {
    const trials = new VoiceTrials(line, voiceHealth);
    for (const voice of trials) {
      const request = requestFor({ ...line.manner, voice }, waiting);
      const wanted =
        line.memory && typeof words === 'string'
          ? { guildId, model: fish.room.model, words, voice, request, memory: line.memory }
          : undefined;
      const known = wanted && cache.find(wanted);
      if (known) {
        reservation.saidFromMemory();
        yield* known;
        return;
      }
      await reservation.secured();
      const recording = wanted && cache.record(wanted);
      const packets = synthesise(
        fish,
        { lane: guildId, text: words, request },
        {
          ...how,
          signal,
          log,
          onText: sent => reservation.spent(sent),
          onEvent: event => courses.note(event),
          onRepeat: () => reservation.renew(),
          onClean: () => recording?.keep(),
          mayRepeat: error => trials.mayRepeat(error),
        },
      );
      try {
        for await (const packet of packets) {
          trials.spoke();
          recording?.take(packet);
          yield packet;
        }
        return;
      } catch (error) {
        if (signal.aborted) throw error;
        trials.failed(error);
        await reservation.renew();
      }
    }
  } finally {
    reservation.release();
  }
}
