import type { UserError } from '../errors.ts';
import type { LinkOptions } from '../call/link-options.ts';
import type { CompanyOptions } from './company.ts';
import type { Hindrance } from './floor.ts';
import type { SoundOptions } from './sound.ts';

/** What a session is told, and whom it tells. */
export interface SessionOptions extends SoundOptions, Pick<CompanyOptions, 'leaveAfterMs'> {
  readonly channelId: string;
  readonly adapterCreator: LinkOptions['adapterCreator'];
  /** Who is in a voice channel, the bot not counted, by the gateway's voice states. */
  readonly company: (channelId: string) => ReturnType<CompanyOptions['count']>;
  /** Why people would not hear the bot in a voice channel that it is in; null where they would. */
  readonly hindrance: (channelId: string) => Hindrance | null;
  /** Tells the server's people something: that chat is read no more today, or why they cannot hear the bot. */
  readonly notify: (why: UserError) => void;
  /** A line was refused by Fish Audio or failed there. */
  readonly onTrouble: () => void;
  /** Resolves when it is kept that the bot is wanted here: nobody is told before that it has come. Never rejects. */
  readonly kept: () => Promise<unknown>;
  /** Somebody else moved the bot to this channel. */
  readonly onMoved: (channelId: string) => void;
  readonly onEnded: (end: SessionEnd) => void;
}

/** How a session ended. */
export interface SessionEnd {
  /** What ended it against its will; null: it left. */
  readonly error: UserError | null;
  /** It has been in a channel. */
  readonly wasIn: boolean;
  /** Lines of chat were still to be said, which nobody answers. */
  readonly awaited: boolean;
  /** It left because the process ends. */
  readonly draining: boolean;
}
