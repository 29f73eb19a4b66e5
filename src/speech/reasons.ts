import { UserError } from '../errors.ts';
import type { MessageKey, MessageParams } from '../locale/catalogue.ts';

/** Why a message was not read: the closed list behind `/why`. */
export const REASONS = [
  /** The bot is in no voice channel. */
  'not-here',
  /** The text channel is not read. */
  'channel',
  /** Somebody in the voice channel may not see the text channel. */
  'private-channel',
  'not-in-voice',
  'opted-out',
  'role',
  'bot',
  'silent',
  'prefix',
  /** Discord does not let the bot see what people write. */
  'no-content',
  /** Not a message that somebody wrote. */
  'system',
  /** Nothing in it can be said. */
  'nothing',
  'repeated',
  'person-full',
  'queue-full',
  'person-cap',
  'server-cap',
  'budget',
  /** Nobody knows yet what was spent today. */
  'budget-unknown',
  'skipped',
  'stopped',
  /** By its author, or a moderator, before it was said. */
  'deleted',
  'left',
  /** All people had left before it was said to its end. */
  'nobody',
  /** The bot was called, and could not get into the voice channel. */
  'not-joined',
  'failed',
  /** Fish Audio failed, or is known to: see `FishTrouble`. */
  'fish-key',
  'fish-credit',
  'fish-busy',
  'fish-trouble',
  'fish-silent',
  'fish-refused',
  'fish-no-audio',
  'fish-unknown-voice',
  /** The database could not be asked yet who has opted out. */
  'no-database',
  'restarting',
] as const;

export type Reason = (typeof REASONS)[number];

/** A line that is not taken, or not said: in words for people, and as a reason for `/why`. */
export class Unsaid extends UserError {
  override readonly name = 'Unsaid';
  readonly reason: Reason;

  constructor(reason: Reason, key: MessageKey, params: MessageParams = {}) {
    super(key, params);
    this.reason = reason;
  }
}
