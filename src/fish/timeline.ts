import type { Logger } from '../log.ts';

/** A point on the timeline of an utterance; `at` is `performance.now()`, in milliseconds. */
export type SpeakEvent =
  | { type: 'slot'; at: number }
  /** `reused`: it was open before it was needed. Told again when the session had not begun and is repeated. */
  | { type: 'socket'; at: number; reused: boolean }
  | { type: 'start'; at: number }
  /**
   * UTF-8 bytes of words, which are sent right after this is told; those of a session that is repeated are told
   * again. Negative: as many were sent where nothing shows that Fish has read them.
   */
  | { type: 'text'; at: number; bytes: number }
  /** An event of Fish's shows that it works at the session, and so that the words are billed. */
  | { type: 'begun'; at: number }
  | { type: 'first-audio'; at: number }
  /** Where it was asked for: what Fish says about its work. It may repeat the words, so it is for no log. */
  | { type: 'log'; at: number; message: string }
  /** However it ended, once there was a slot. `bytes`: UTF-8 sent, which is what Fish bills. */
  | { type: 'finish'; at: number; ok: boolean; bytes: number };

export type Tell = (event: SpeakEvent) => void;

/** Who watches the timeline cannot break it: what a listener throws is logged. */
export function teller(listener: Tell | undefined, log: Logger): Tell {
  return event => {
    try {
      listener?.(event);
    } catch (error) {
      log.error({ err: error, event: event.type }, 'a listener to the timeline of speech threw');
    }
  };
}
