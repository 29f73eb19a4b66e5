import { z } from 'zod';
import { channelSettings, reading } from './channel.ts';
import { BOUNDS, isLocale, rangeWithin, snowflake, voiceId, whole } from './values.ts';

// What a guild can set: names, bounds and defaults. The panel, the settings file, the database and the docs all follow
// this file.

/**
 * How many blocked words there may be, and how many characters each may have and all together, one in a line. A
 * settings file has to have room for them beside all else.
 */
export const MAX_BLOCKED = { words: 100, each: 64, all: 2_000 } as const;
/** The most channels that administrators add. */
const MAX_ADDED_CHANNELS = 50;
/** `/join` adds two more: the chat of the voice channel, and the channel where it was used. */
export const MAX_CHANNELS = MAX_ADDED_CHANNELS + 2;
const MAX_BOT_VOICES = 50;
const MAX_NEWCOMER_VOICES = 25;
const MAX_LANGUAGE_VOICES = 30;
/** The most entries of a setting that is a list or a map. */
export const MAX_SETTING_ENTRIES = Math.max(
  MAX_CHANNELS,
  MAX_BOT_VOICES,
  MAX_NEWCOMER_VOICES,
  MAX_LANGUAGE_VOICES,
  MAX_BLOCKED.words,
);

/** All settings of a guild, by their names in the exported file. `guildDefaults` has their defaults. */
export const guildSettings = z.strictObject({
  /** The text channels that are read, each with its own values. In a file written by hand, an id alone is enough. */
  channels: z
    .array(z.preprocess(given => (typeof given === 'string' ? { id: given } : given), channelSettings))
    .max(MAX_CHANNELS)
    .refine(channels => channels.filter(({ addedBy }) => addedBy === 'admin').length <= MAX_ADDED_CHANNELS)
    .refine(channels => new Set(channels.map(({ id }) => id)).size === channels.length, {
      error: 'has the same channel twice',
    }),
  ...reading,
  /** The bounds of what people may choose for themselves. */
  bounds: z.strictObject({
    speed: rangeWithin(BOUNDS.speed),
    volume: rangeWithin(BOUNDS.volume),
    temperature: rangeWithin(BOUNDS.temperature),
  }),
  /** A message that holds one of these words or phrases is not read. They are compared without case and width. */
  blockedWords: z
    .array(
      z
        .string()
        .trim()
        .min(1)
        .max(MAX_BLOCKED.each)
        .regex(/^[^\r\n]*$/),
    )
    .max(MAX_BLOCKED.words)
    .refine(words => words.join('\n').length <= MAX_BLOCKED.all, { error: 'is too long in all' })
    .transform(words => [...new Set(words)]),
  /** People with this role are heard before others; null means nobody. */
  priorityRole: snowflake.nullable(),
  /** The voices of other bots and of webhooks, by the id of the bot or webhook. */
  botVoices: z.record(snowflake, voiceId).refine(voices => Object.keys(voices).length <= MAX_BOT_VOICES),
  /**
   * People who have chosen no voice get one of these, always the same; if there are none, they get the guild's voice
   * for the language of their message.
   */
  newcomerVoices: z
    .array(voiceId)
    .max(MAX_NEWCOMER_VOICES)
    .transform(voices => [...new Set(voices)]),
  /**
   * The guild's voice for messages of a language, by the language's code in ISO 639 (`ja`). Other languages have the
   * guild's `voice`.
   */
  voices: z
    .record(
      z
        .string()
        .regex(/^[a-z]{2,3}$/)
        .refine(isLocale),
      voiceId,
    )
    .refine(voices => Object.keys(voices).length <= MAX_LANGUAGE_VOICES),
  /** Whether the bot comes by itself when somebody in a voice channel writes in a channel that it reads. */
  autoJoin: z.boolean(),
  /** Whether members may have the bot come when they enter a voice channel (`/follow`). */
  follow: z.boolean(),
  /** Whether the bot says who enters its voice channel (`joins`), and also who leaves it (`all`). */
  arrivals: z.enum(['none', 'joins', 'all']),
  /** Whether the bot shows what it reads in the status of its voice channel. */
  channelStatus: z.boolean(),
  /** Whether the bot adds a reaction to a message that it could not say. */
  failureMark: z.boolean(),
  /** After how many seconds without people the bot leaves a voice channel. */
  leaveAfter: whole(BOUNDS.leaveAfter),
  /** Whether everybody may skip and stop other people's speech; if not, only moderators (Mute Members) may. */
  skipOthers: z.boolean(),
  /** Whether short texts that are said again and again may be said from memory, for an hour. */
  cache: z.boolean(),
  /** Whether members may have a clone made of their own voice. */
  clone: z.boolean(),
  /** Whether members may use `/ask`. */
  ask: z.boolean(),
  /** Only people with this role may use `/ask`; null means everybody. */
  askRole: snowflake.nullable(),
  /** Who may change the dictionary besides the guild's managers: everybody, nobody, or people with this role. */
  dictionaryBy: z.union([z.enum(['everyone', 'managers']), snowflake]),
  /** Caps of one message, of one person and of the whole guild, in UTF-8 bytes as Fish Audio bills them. */
  messageBytes: whole(BOUNDS.messageBytes),
  personBytesPerMinute: whole(BOUNDS.personBytesPerMinute),
  serverBytesPerDay: whole(BOUNDS.serverBytesPerDay),
});

/** The settings of a guild, checked. */
export type GuildSettings = Readonly<z.output<typeof guildSettings>>;

/** The settings of a guild that has set nothing. */
export const guildDefaults: GuildSettings = {
  channels: [],
  voice: null,
  speed: 1,
  volume: 0,
  latency: null,
  temperature: null,
  announce: 'auto',
  requireVoice: true,
  whose: 'everyone',
  role: null,
  notRole: null,
  threads: false,
  bots: false,
  skipPrefix: ';',
  emoji: 'name',
  links: 'site',
  tags: false,
  maxSeconds: 30,
  language: null,
  bounds: { speed: [...BOUNDS.speed], volume: [-10, 10], temperature: [...BOUNDS.temperature] },
  blockedWords: [],
  priorityRole: null,
  botVoices: {},
  newcomerVoices: [],
  voices: {},
  autoJoin: false,
  follow: false,
  arrivals: 'none',
  channelStatus: false,
  failureMark: false,
  leaveAfter: 60,
  skipOthers: true,
  cache: true,
  clone: false,
  ask: false,
  askRole: null,
  dictionaryBy: 'everyone',
  messageBytes: 1_000,
  personBytesPerMinute: 3_000,
  serverBytesPerDay: 200_000,
};

/** The settings that hold in a channel: the channel's own values where it has them, else the guild's. */
export function settingsIn(settings: GuildSettings, channelId: string): GuildSettings {
  const channel = settings.channels.find(({ id }) => id === channelId);
  if (!channel) return settings;
  const { id: _id, addedBy: _addedBy, ...own } = channel;
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...settings, ...(Object.fromEntries(given) as Partial<GuildSettings>) };
}
