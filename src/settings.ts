import { z } from 'zod';

// What a guild, a channel and a person can set: names, bounds and defaults. The panel, the settings file, the database
// and the docs all follow this file.

/** The bounds of Fish Audio's `prosody` and of its sampling (its Text to Speech reference). */
const SPEED = [0.5, 2] as const;
const VOLUME_DB = [-20, 20] as const;
const TEMPERATURE = [0, 1] as const;
const MAX_VOICE_LENGTH = 64;
/** All prefixes together, with the spaces between them. */
const MAX_PREFIXES_LENGTH = 40;
const MAX_BLOCKED_WORDS = 100;
const MAX_BLOCKED_WORD_LENGTH = 64;
/** All blocked words together, one in a line. A settings file has to have room for them beside all else. */
const MAX_BLOCKED_LENGTH = 2_000;
const MAX_CHANNELS = 50;
const MAX_BOT_VOICES = 50;
const MAX_NEWCOMER_VOICES = 25;
const MAX_LANGUAGE_VOICES = 30;
/** A setting that is a list or a map has at most so many entries. */
export const MAX_SETTING_ENTRIES = Math.max(
  MAX_CHANNELS,
  MAX_BOT_VOICES,
  MAX_NEWCOMER_VOICES,
  MAX_LANGUAGE_VOICES,
  MAX_BLOCKED_WORDS,
);
export const MAX_FAVOURITES = 10;
/** So many of the voices that a person has chosen last are remembered. */
export const MAX_CHOSEN = 10;
/** A spoken name has at most so many UTF-16 units, which is Discord's own limit for display names. */
const MAX_SPOKEN_NAME = 32;

/** The bounds of the settings that are numbers, by name: the lowest and the highest possible value. */
export const BOUNDS = {
  speed: SPEED,
  volume: VOLUME_DB,
  temperature: TEMPERATURE,
  maxSeconds: [3, 120],
  leaveAfter: [5, 86_400],
  messageBytes: [20, 8_000],
  personBytesPerMinute: [0, 1_000_000],
  serverBytesPerDay: [0, 1_000_000_000],
} as const satisfies Record<string, readonly [number, number]>;
export type NumberSetting = keyof typeof BOUNDS;

const snowflake = z.string().regex(/^\d{15,20}$/, { error: 'is not an id of Discord' });
const voiceId = z
  .string()
  .regex(/^[\w-]+$/, { error: 'is not the id of a voice' })
  .max(MAX_VOICE_LENGTH);
const between = ([min, max]: readonly [number, number]) => z.number().min(min).max(max);
const whole = ([min, max]: readonly [number, number]) => z.int().min(min).max(max);
const range = (bounds: readonly [number, number]) =>
  z
    .tuple([between(bounds), between(bounds)])
    .refine(([low, high]) => low <= high, { error: 'has its lower bound above its upper one' });

/** Whether JavaScript's Intl accepts a locale; it would throw at others. */
function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}

/**
 * How something is said. Where a person's value is null, the channel's holds, then the guild's, then the operator's.
 */
const manner = {
  /** The id of the voice at Fish Audio (`reference_id`). */
  voice: voiceId.nullable(),
  speed: between(BOUNDS.speed),
  /** In dB. */
  volume: between(BOUNDS.volume),
  latency: z.enum(['low', 'balanced', 'normal']).nullable(),
  temperature: between(BOUNDS.temperature).nullable(),
};

/** What is read and how it is said. A channel may have values of its own for these, which hold before the guild's. */
const reading = {
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

const channelSettings = z.strictObject({
  id: snowflake,
  /** `join`: added by `/join`, and read until the next `/join`. `admin`: added in the settings, read until removed. */
  addedBy: z.enum(['join', 'admin']).default('admin'),
  ...z.strictObject(reading).partial().shape,
});

/** All settings of a guild, by their names in the exported file. `guildDefaults` has their defaults. */
export const guildSettings = z.strictObject({
  /** The text channels that are read, each with its own values. In a file written by hand, an id alone is enough. */
  channels: z
    .array(z.preprocess(given => (typeof given === 'string' ? { id: given } : given), channelSettings))
    .max(MAX_CHANNELS)
    .refine(channels => new Set(channels.map(({ id }) => id)).size === channels.length, {
      error: 'has the same channel twice',
    }),
  ...reading,
  /** The bounds of what people may choose for themselves. */
  bounds: z.strictObject({
    speed: range(SPEED),
    volume: range(VOLUME_DB),
    temperature: range(TEMPERATURE),
  }),
  /** A message that holds one of these words or phrases is not read. They are compared without case and width. */
  blockedWords: z
    .array(
      z
        .string()
        .trim()
        .min(1)
        .max(MAX_BLOCKED_WORD_LENGTH)
        .regex(/^[^\r\n]*$/),
    )
    .max(MAX_BLOCKED_WORDS)
    .refine(words => words.join('\n').length <= MAX_BLOCKED_LENGTH, { error: 'is too long in all' })
    .transform(words => [...new Set(words)]),
  /** People with this role are heard before others; null means nobody. */
  priorityRole: snowflake.nullable(),
  /** The voices of other bots and of webhooks, by the id of the bot or webhook. */
  botVoices: z.record(snowflake, voiceId).refine(voices => Object.keys(voices).length <= MAX_BOT_VOICES),
  /**
   * People who have chosen no voice get one of these, always the same; if there are none, they get the guild's voice
   * for the language of their message.
   */
  newcomerVoices: z.array(voiceId).max(MAX_NEWCOMER_VOICES),
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
  /** The bot leaves a voice channel when it has been without people for so many seconds. */
  leaveAfter: whole(BOUNDS.leaveAfter),
  /** Whether everybody may skip and stop other people's speech; if not, only moderators (Mute Members) may. */
  skipOthers: z.boolean(),
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
/** A channel that is read, with the values of its own. */
export type ChannelSettings = GuildSettings['channels'][number];
/** The settings for which a channel may have values of its own. */
type ReadingSettings = Pick<GuildSettings, keyof typeof reading>;

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
  bounds: { speed: [...SPEED], volume: [-10, 10], temperature: [...TEMPERATURE] },
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
  clone: false,
  ask: false,
  askRole: null,
  dictionaryBy: 'everyone',
  messageBytes: 1_000,
  personBytesPerMinute: 3_000,
  serverBytesPerDay: 200_000,
};

/** The manner that a person has chosen: the voice and how it speaks. */
const ownManner = {
  voice: manner.voice,
  speed: manner.speed.nullable(),
  volume: manner.volume.nullable(),
  latency: manner.latency,
  temperature: manner.temperature,
};

/** What one person has chosen for themselves in one guild; a value is null if they have not chosen it. */
export const personSettings = z.strictObject({
  ...ownManner,
  /** The manner that the person had before they last changed it, for `/voice undo`. */
  before: z.strictObject(ownManner).nullable(),
  /** The voices that the person has marked as favourites, the latest first. */
  favourites: z.array(voiceId).max(MAX_FAVOURITES),
  /** The voices that the person has chosen last, the latest first; the present one is among them. */
  chosen: z.array(voiceId).max(MAX_CHOSEN),
  /** How the person's name is spoken; null means as it is written. */
  name: z.string().min(1).max(MAX_SPOKEN_NAME).nullable(),
  /** Whether the bot comes when the person enters a voice channel, where the guild's setting `follow` allows it. */
  follow: z.boolean(),
});

export type PersonSettings = Readonly<z.output<typeof personSettings>>;
/** The manner that a person has chosen; a value is null if they have not chosen it. */
export type OwnManner = Pick<PersonSettings, keyof typeof ownManner>;

/** The manner of a person who has chosen nothing. */
export const noOwnManner: OwnManner = {
  voice: null,
  speed: null,
  volume: null,
  latency: null,
  temperature: null,
};

/** What a person has who has chosen nothing. */
export const personDefaults: PersonSettings = {
  ...noOwnManner,
  before: null,
  favourites: [],
  chosen: [],
  name: null,
  follow: false,
};

/** The part of a person's settings that is their manner. */
export function mannerIn({ voice, speed, volume, latency, temperature }: OwnManner): OwnManner {
  return { voice, speed, volume, latency, temperature };
}

/** The settings that hold in a channel: the channel's own values where it has them, else the guild's. */
export function settingsIn(settings: GuildSettings, channelId: string): GuildSettings {
  const channel = settings.channels.find(({ id }) => id === channelId);
  if (!channel) return settings;
  const { id: _id, addedBy: _addedBy, ...own } = channel;
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...settings, ...(Object.fromEntries(given) as Partial<ReadingSettings>) };
}
