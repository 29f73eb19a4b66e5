import { z } from 'zod';
import { manner } from './manner.ts';
import { BOUNDS, isLocale, snowflake, whole } from './values.ts';

// The settings of which a text channel may have values of its own, such as whose messages are read; the others are only
// for the whole server (guild), in `guild.ts`. Come here to add a setting or to change which values are allowed.

/**
 * The most characters of all prefixes together, with the spaces between them, counted as Discord's fields
 * count.
 */
const MAX_PREFIXES_LENGTH = 40;

/** What is read and how it is said. Where a channel has a value of its own, it holds instead of the guild's. */
export const reading = {
  ...manner,
  /** Whether the name of the person is said: `auto` says it when people could not tell by the voice. */
  announce: z.enum(['auto', 'always', 'never']),
  /** Whether only people in the bot's voice channel are read. */
  requireVoice: z.boolean(),
  /**
   * Whose messages are read: those of everyone, of people who are muted in the voice channel, or of people who have
   * asked for it with `/optin`. Bots have a setting of their own.
   */
  whose: z.enum(['everyone', 'muted', 'optin']),
  /** Only people with this role are read; null means everybody. */
  role: snowflake.nullable(),
  /** People with this role are not read; null means that no role is excluded. */
  notRole: snowflake.nullable(),
  /** Whether the threads of a channel that is read are read too. */
  threads: z.boolean(),
  /** Whether other bots and webhooks are read. */
  bots: z.boolean(),
  /**
   * A message that begins with one of these is not read. They are separated by spaces; an empty text means that there
   * is no such prefix.
   */
  skipPrefix: z.string().max(MAX_PREFIXES_LENGTH),
  /** Whether emoji are said by name or left out. */
  emoji: z.enum(['name', 'skip']),
  /** What is said for a link: the name of its site, the word for a link, or nothing. */
  links: z.enum(['site', 'word', 'skip']),
  /** Whether Fish Audio's emotion tags, such as `[laugh]`, work when people type them. */
  tags: z.boolean(),
  /** A message is cut if it would take more seconds to say. */
  maxSeconds: whole(BOUNDS.maxSeconds),
  /**
   * The language of the bot's own words in speech where the language of a message cannot be told (BCP 47); null means
   * the guild's language at Discord.
   */
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z\d]{2,4})?$/)
    .refine(isLocale)
    .nullable(),
};

/** The names of the settings for which a channel may have values of its own. */
export const CHANNEL_SETTINGS: ReadonlySet<string> = new Set(Object.keys(reading));

/** A channel that is read, with the values of its own. */
export const channelSettings = z.strictObject({
  id: snowflake,
  /** `join`: added by `/join`, and read until the next `/join`. `admin`: added in the settings, read until removed. */
  addedBy: z.enum(['join', 'admin']).default('admin'),
  ...z.strictObject(reading).partial().shape,
});
export type ChannelSettings = Readonly<z.output<typeof channelSettings>>;
