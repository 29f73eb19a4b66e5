import type { LinkOptions } from '../call/link-options.ts';
import type { UserError } from '../errors.ts';
import type { CompanyOptions } from './company.ts';
import type { Hindrance } from './floor.ts';
import type { SpeechMeans } from './speech.ts';

// What a session (`session.ts`: the bot in one voice channel, with its conversation) needs to know, whom it tells, and
// how it ended. What the speech needs of the rest of the bot comes in here.

export interface SessionOptions extends SpeechMeans, Pick<CompanyOptions, 'leaveAfterMs'> {
  readonly channelId: string;
  readonly adapterCreator: LinkOptions['adapterCreator'];
  /** The leaves that Discord has not answered yet, of the guild's earlier sessions too. */
  readonly departures: LinkOptions['departures'];
  /** Counts who is in a voice channel besides the bot, by the voice states that the gateway tells. */
  readonly company: (channelId: string) => ReturnType<CompanyOptions['count']>;
  /** Why people would not hear the bot in the voice channel that it is in; null if they would. */
  readonly hindrance: (channelId: string) => Hindrance | null;
  /** Tells the people of the guild something: that chat is read no more today, or why they cannot hear the bot. */
  readonly notify: (why: UserError) => void;
  /** Called when a line failed at Fish Audio, was refused there, or waits long for it in an outage. */
  readonly onTrouble: () => void;
  /**
   * Resolves when it is saved that the bot is wanted here; only then people are told that it has come. Never rejects.
   */
  readonly kept: () => Promise<unknown>;
  /** Called when somebody has moved the bot to this channel. */
  readonly onMoved: (channelId: string) => void;
  readonly onEnded: (end: SessionEnd) => void;
}

/** How a session ended. */
export interface SessionEnd {
  /** The failure that ended it; null if the bot left. */
  readonly error: UserError | null;
  /** Whether the bot has been in a channel. */
  readonly wasIn: boolean;
  /** Whether lines of chat were still to be said, whose people get no other answer. */
  readonly awaited: boolean;
  /** Whether it ended because the process ends. */
  readonly draining: boolean;
}
