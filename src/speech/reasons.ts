import { UserError } from '../errors.ts';
import type { MessageKey, MessageParams } from '../locale/catalogue.ts';

/** All reasons why a message was not read, as `/why` tells them. */
export const REASONS = [
  /** The bot is in no voice channel. */
  'not-here',
  /** The text channel is not read. */
  'channel',
  /** It was written in a thread of a channel that is read, and threads are not. */
  'thread',
  /** Somebody in the voice channel may not see the text channel. */
  'private-channel',
  'not-in-voice',
  'opted-out',
  /** The guild's moderators do not want the author read. */
  'ignored',
  'role',
  'excluded-role',
  /** Only people who are muted are read. */
  'not-muted',
  /** Only people who have asked for it are read. */
  'not-opted-in',
  'bot',
  'silent',
  'prefix',
  'blocked-word',
  /** Discord does not let the bot see what people write. */
  'no-content',
  /** It is no message that somebody wrote, but one of Discord's own. */
  'system',
  /** Nothing in it can be said. */
  'nothing',
  'repeated',
  'person-full',
  'queue-full',
  'person-cap',
  /** It is more by itself than a person may have said in a minute. */
  'person-cap-alone',
  'server-cap',
  'budget',
  /** Nobody knows yet what was spent today. */
  'budget-unknown',
  'skipped',
  'stopped',
  /** The message was deleted, by its author or a moderator, before it was said. */
  'deleted',
  /** A proxy bot has said the message again under another name, and that is read instead. */
  'proxied',
  /** A proxy bot has said a message again that was being read already. */
  'said-before',
  'left',
  /** All people had left before it was said to its end. */
  'nobody',
  /** The bot was called, and could not get into the voice channel. */
  'not-joined',
  'failed',
  /** The reasons that begin with `fish-` say that Fish Audio failed, or has an outage; see `FishTrouble`. */
  'fish-key',
  'fish-credit',
  'fish-busy',
  'fish-trouble',
  'fish-silent',
  'fish-refused',
  'fish-no-audio',
  'fish-unknown-voice',
  /** The database has not answered yet who has opted out. */
  'no-database',
  'restarting',
] as const;

export type Reason = (typeof REASONS)[number];

/** Why a message was not read. */
export interface Refusal {
  readonly reason: Reason;
  /** What exactly stood against it, by the guild's settings: the prefix, or the id of the role. */
  readonly detail?: string;
}

/** A line is not taken or not said. The error has the words for people and the reason for `/why`. */
export class Unsaid extends UserError {
  override readonly name = 'Unsaid';
  readonly reason: Reason;

  constructor(reason: Reason, key: MessageKey, params: MessageParams = {}) {
    super(key, params);
    this.reason = reason;
  }
}
