import type { Logger } from '../log.ts';

// The steps of an utterance on its way through Fish Audio (slot, socket, start, first audio …) as events for whoever
// bills it, measures it or traces it. A new step is added here, and told where it happens.

/** A point on the timeline of an utterance. `at` is `performance.now()`, in milliseconds. */
export type SpeakEvent =
  /** The utterance has a slot. */
  | { type: 'slot'; at: number }
  /**
   * The utterance has a socket; `reused` says that the socket was open before it was needed. This comes again when the
   * session has to be sent again.
   */
  | { type: 'socket'; at: number; reused: boolean }
  | { type: 'start'; at: number }
  /**
   * `bytes` UTF-8 bytes of words are sent right after this event; when a session is sent again, its bytes are told
   * again. A negative number takes bytes back that were sent where nothing shows that Fish has read them.
   */
  | { type: 'text'; at: number; bytes: number }
  /** An event of Fish has shown that Fish works at the session, and therefore bills the words. */
  | { type: 'begun'; at: number }
  | { type: 'first-audio'; at: number }
  /** Fish tells about its work, because `debug` was set. It may repeat the words, so it must not be logged. */
  | { type: 'log'; at: number; message: string }
  /** The session has ended, well or not. `bytes` is how many UTF-8 bytes of words it had, which is what Fish bills. */
  | { type: 'finish'; at: number; ok: boolean; bytes: number };

export type Tell = (event: SpeakEvent) => void;

/** Wraps a listener so that it cannot break an utterance: what it throws is logged. */
export function teller(listener: Tell | undefined, log: Logger): Tell {
  return event => {
    try {
      listener?.(event);
    } catch (error) {
      log.error({ err: error, event: event.type }, 'a listener to the timeline of speech threw');
    }
  };
}
