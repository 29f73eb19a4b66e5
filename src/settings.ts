import { z } from 'zod';

/** Bounds of Fish Audio's `prosody` and sampling (its Text to Speech reference). */
const SPEED = [0.5, 2] as const;
const VOLUME_DB = [-20, 20] as const;
const TEMPERATURE = [0, 1] as const;
const MAX_VOICE_LENGTH = 64;
const MAX_PREFIX_LENGTH = 8;
const MAX_CHANNELS = 50;
const MAX_BOT_VOICES = 50;
const MAX_NEWCOMER_VOICES = 25;
/** No setting has more entries than this. */
export const MAX_SETTING_ENTRIES = Math.max(MAX_CHANNELS, MAX_BOT_VOICES, MAX_NEWCOMER_VOICES);
export const MAX_FAVOURITES = 10;

const snowflake = z.string().regex(/^\d{15,20}$/, { error: 'is not an id of Discord' });
const voiceId = z
  .string()
  .regex(/^[\w-]+$/, { error: 'is not the id of a voice' })
  .max(MAX_VOICE_LENGTH);
const between = ([min, max]: readonly [number, number]) => z.number().min(min).max(max);
const whole = (min: number, max: number) => z.int().min(min).max(max);
const range = (bounds: readonly [number, number]) =>
  z
    .tuple([between(bounds), between(bounds)])
    .refine(([low, high]) => low <= high, { error: 'has its lower bound above its upper one' });

/** Whether JavaScript's Intl takes it: elsewhere it would throw. */
function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}

/** How something is said. Null leaves it to whoever is asked next: channel, server, process. */
const manner = {
  /** Fish Audio `reference_id`. */
  voice: voiceId.nullable(),
  speed: between(SPEED),
  /** dB. */
  volume: between(VOLUME_DB),
  latency: z.enum(['low', 'balanced', 'normal']).nullable(),
  temperature: between(TEMPERATURE).nullable(),
};

/** What is read, and how, that a channel may have otherwise than its server. */
const reading = {
  ...manner,
  /** Whether the speaker's name is said: when the voice alone does not tell, always, never. */
  announce: z.enum(['auto', 'always', 'never']),
  /** Only people in the bot's voice channel are read. */
  requireVoice: z.boolean(),
  /** Only those with this role are read. */
  role: snowflake.nullable(),
  /** Other bots and webhooks are read. */
  bots: z.boolean(),
  /** A message that begins so is not read; empty: none. */
  skipPrefix: z.string().max(MAX_PREFIX_LENGTH),
  /** Emoji are said by name or left out. */
  emoji: z.enum(['name', 'skip']),
  /** Fish Audio's emotion tags, such as `[laugh]`, work when people type them. */
  tags: z.boolean(),
  /** A message is cut when saying it would take longer. */
  maxSeconds: whole(3, 120),
  /** BCP 47 of what the bot itself says in speech; null: the server's own language. */
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z\d]{2,4})?$/)
    .refine(isLocale)
    .nullable(),
};

/** The names of the settings that a channel may have otherwise. */
export const CHANNEL_SETTINGS: ReadonlySet<string> = new Set(Object.keys(reading));

const channelSettings = z.strictObject({
  id: snowflake,
  /** `join`: read since `/join` was used, until the next; `admin`: added in the settings, and read until removed. */
  addedBy: z.enum(['join', 'admin']).default('admin'),
  ...z.strictObject(reading).partial().shape,
});

/** Every setting of a server, by its name in the export (see `guildDefaults`). */
export const guildSettings = z.strictObject({
  /** The text channels that are read, each with what it has otherwise; by hand a bare id is enough. */
  channels: z
    .array(z.preprocess(given => (typeof given === 'string' ? { id: given } : given), channelSettings))
    .max(MAX_CHANNELS)
    .refine(channels => new Set(channels.map(({ id }) => id)).size === channels.length, {
      error: 'has the same channel twice',
    }),
  ...reading,
  /** What a person may choose for themselves. */
  bounds: z.strictObject({
    speed: range(SPEED),
    volume: range(VOLUME_DB),
    temperature: range(TEMPERATURE),
  }),
  /** Those with this role are heard before others. */
  priorityRole: snowflake.nullable(),
  /** The voices of bots and webhooks, by their id. */
  botVoices: z.record(snowflake, voiceId).refine(voices => Object.keys(voices).length <= MAX_BOT_VOICES),
  /** Who has chosen no voice gets one of these, always the same; empty: the server's. */
  newcomerVoices: z.array(voiceId).max(MAX_NEWCOMER_VOICES),
  /** The bot comes by itself when somebody in a voice channel writes where it reads. */
  autoJoin: z.boolean(),
  /** Seconds that the bot stays in a channel without people. */
  leaveAfter: whole(5, 86_400),
  /** Everybody may skip and stop other people's speech; else moderators (Mute Members) only. */
  skipOthers: z.boolean(),
  /** Members may have a voice made from their own recording. */
  clone: z.boolean(),
  /** Members may use `/ask`. */
  ask: z.boolean(),
  /** Only those with this role may use `/ask`. */
  askRole: snowflake.nullable(),
  /** Who may change the dictionary besides those who manage the server: everybody, nobody, or those with this role. */
  dictionaryBy: z.union([z.enum(['everyone', 'managers']), snowflake]),
  /** Caps, in UTF-8 bytes as Fish Audio bills them. */
  messageBytes: whole(20, 8_000),
  personBytesPerMinute: whole(0, 1_000_000),
  serverBytesPerDay: whole(0, 1_000_000_000),
});

export type GuildSettings = Readonly<z.output<typeof guildSettings>>;
export type ChannelSettings = GuildSettings['channels'][number];
/** The settings that hold for one channel. */
type ReadingSettings = Pick<GuildSettings, keyof typeof reading>;

export const guildDefaults: GuildSettings = {
  channels: [],
  voice: null,
  speed: 1,
  volume: 0,
  latency: null,
  temperature: null,
  announce: 'auto',
  requireVoice: true,
  role: null,
  bots: false,
  skipPrefix: ';',
  emoji: 'name',
  tags: false,
  maxSeconds: 30,
  language: null,
  bounds: { speed: [...SPEED], volume: [-10, 10], temperature: [...TEMPERATURE] },
  priorityRole: null,
  botVoices: {},
  newcomerVoices: [],
  autoJoin: false,
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

/** How one person is said in one server; null where they have chosen nothing. */
export const personSettings = z.strictObject({
  voice: manner.voice,
  /** The voices they chose last, this one too, the latest first. */
  favourites: z.array(voiceId).max(MAX_FAVOURITES),
  speed: manner.speed.nullable(),
  volume: manner.volume.nullable(),
  latency: manner.latency,
  temperature: manner.temperature,
});

export type PersonSettings = Readonly<z.output<typeof personSettings>>;

export const personDefaults: PersonSettings = {
  voice: null,
  favourites: [],
  speed: null,
  volume: null,
  latency: null,
  temperature: null,
};

/** What holds in `channelId`: the channel's own settings, where it has any, before the server's. */
export function settingsIn(settings: GuildSettings, channelId: string): GuildSettings {
  const channel = settings.channels.find(({ id }) => id === channelId);
  if (!channel) return settings;
  const { id: _id, addedBy: _addedBy, ...own } = channel;
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...settings, ...(Object.fromEntries(given) as Partial<ReadingSettings>) };
}
