import { UserError } from '../../errors.ts';
import type { MessageKey, Translate } from '../../locale/catalogue.ts';
import { type GuildSettings, guildSettings } from '../../settings.ts';
import { type Control, MAX_SELECTED, NONE } from './controls.ts';

/** The most items of a list that the panel shows. */
const MAX_LISTED = 6;

/**
 * Returns the value of a setting as people read it. Channels and roles are mentions, which Discord shows by their
 * names.
 */
export function shown({ channels, ...settings }: GuildSettings, control: Control, t: Translate): string {
  if (control.setting === 'channels')
    return listed(
      channels.map(({ id }) => `<#${id}>`),
      t,
    );
  const value = settings[control.setting];
  if (control.kind === 'choice') return choiceLabel(control, plainOf(value), t);
  if (value === null || value === '') return t('setting.nothing');
  if (typeof value === 'boolean') return t(value ? 'setting.on' : 'setting.off');
  if (typeof value === 'object')
    return listed(
      linesOf(value).map(line => `\`${line}\``),
      t,
    );
  if (typeof value === 'number') return String(value);
  if (control.kind === 'people' && control.values.includes(value))
    return t(`setting.${control.setting}.${value}` as MessageKey);
  return control.kind === 'role' || control.kind === 'people' ? `<@&${value}>` : `\`${value}\``;
}

/** Returns a single value as it stands in a menu; null becomes `NONE`. */
export function plainOf(value: GuildSettings[keyof GuildSettings]): string {
  return value === null || typeof value === 'object' ? NONE : String(value);
}

/** Returns the first few items of a list, and how many more there are. A panel holds only 4,000 characters. */
function listed(items: readonly string[], t: Translate): string {
  if (items.length === 0) return t('setting.nothing');
  const more = items.length - MAX_LISTED;
  const first = items.slice(0, MAX_LISTED).join(' ');
  return more > 0 ? `${first} ${t('queue.more', { count: more })}` : first;
}

/**
 * Returns what people read for a value in a menu: its name in the catalogue, or, for a language, its own name for
 * itself.
 */
export function choiceLabel(
  { setting, ...control }: Control & { kind: 'choice' },
  value: string,
  t: Translate,
): string {
  if (control.worded) return t(`setting.${setting}.${value}` as MessageKey);
  if (value === NONE) return t('setting.language.none');
  return new Intl.DisplayNames([value], { type: 'language' }).of(value) ?? value;
}

/** Returns the present value of a setting as people type it in a form. */
export function typed(settings: GuildSettings, { setting }: Control): string {
  const value = settings[setting];
  return typeof value === 'object' && value !== null ? linesOf(value).join('\n') : String(value ?? '');
}

/**
 * Returns the lines of a list or a table as they are typed. A line of a table is a name and then what belongs to it.
 */
function linesOf(value: object): string[] {
  if (Array.isArray(value)) return value.map(String);
  return Object.entries(value).map(([name, of]: [string, unknown]) => [name, ...[of].flat()].join(' '));
}

/** Which channels and roles the person who uses the panel can choose. */
export interface Possibilities {
  /** Whether a channel belongs to the guild and this person can read it. */
  readonly isReadable: (channelId: string) => boolean;
  /** Whether a channel belongs to the guild but this person cannot read it. */
  readonly isHidden: (channelId: string) => boolean;
  /** Whether a role belongs to the guild. */
  readonly isRole: (roleId: string) => boolean;
}

/**
 * Returns what somebody chose or typed as a change of the settings, or null when it cannot be a value of that
 * setting. `chosen` holds the values of a menu, or the one text of a form. Throws a UserError for a channel that they
 * may not add.
 */
export function changeOf(
  settings: GuildSettings,
  control: Control,
  chosen: readonly string[],
  possible: Possibilities,
): Partial<GuildSettings> | null {
  const { setting } = control;
  const parsed = guildSettings.shape[setting].safeParse(rawValue(settings, control, chosen, possible));
  return parsed.success ? { [setting]: parsed.data } : null;
}

/**
 * Returns the setting `channels` after somebody chose channels in the panel. Those that they chose are read from now
 * on. Channels that their menu could not show them stay as they are: those beyond its 25 entries, and those hidden
 * from them. Throws a UserError for a channel that they may not add.
 */
function channelsChosen(
  { channels }: GuildSettings,
  chosen: readonly string[],
  { isReadable, isHidden }: Possibilities,
): GuildSettings['channels'] {
  const before = new Map(channels.map(channel => [channel.id, channel]));
  if (!chosen.every(id => before.get(id)?.addedBy === 'admin' || isReadable(id)))
    throw new UserError('panel.channel-unseen');
  const stays = channels.filter(
    ({ id }, index) => !chosen.includes(id) && (index >= MAX_SELECTED || isHidden(id)),
  );
  return [...chosen.map(id => ({ ...before.get(id), id, addedBy: 'admin' as const })), ...stays];
}

/** Returns the change of the guild's settings that sets some of a channel's own settings. */
export function channelWith(
  { channels }: GuildSettings,
  channelId: string,
  change: Partial<GuildSettings>,
): Partial<GuildSettings> {
  return {
    channels: channels.map(channel => (channel.id === channelId ? { ...channel, ...change } : channel)),
  };
}

/** Returns the change of the guild's settings that takes all its own settings from a channel. */
export function channelPlain({ channels }: GuildSettings, channelId: string): Partial<GuildSettings> {
  return {
    channels: channels.map(channel =>
      channel.id === channelId ? { id: channel.id, addedBy: channel.addedBy } : channel,
    ),
  };
}

const decimal = (text: string) => Number(text.replace(',', '.'));

/**
 * Returns what somebody chose or typed, before it is checked against the schema; undefined when it is no possible
 * value.
 */
function rawValue(
  settings: GuildSettings,
  control: Control,
  chosen: readonly string[],
  possible: Possibilities,
): unknown {
  const [first = ''] = chosen;
  const text = first.trim();
  switch (control.kind) {
    case 'toggle':
      return !settings[control.setting];
    case 'role':
      return chosen[0] === undefined || possible.isRole(chosen[0]) ? (chosen[0] ?? null) : undefined;
    case 'people':
      // The role was removed from the menu. Until somebody else is chosen, only those who manage the guild may do it.
      if (first === '') return 'managers';
      return control.values.includes(first) || possible.isRole(first) ? first : undefined;
    case 'channels':
      return channelsChosen(settings, chosen, possible);
    case 'choice':
      if (!control.values.includes(first)) return undefined;
      // `NONE` stands for null, unless the setting takes the word itself.
      return first === NONE && !guildSettings.shape[control.setting].safeParse(first).success ? null : first;
    case 'number':
      if (text === '') return control.setting === 'temperature' ? null : undefined;
      return decimal(text);
    case 'list':
      return first
        .split(/\s+/)
        .map(line => line.trim())
        .filter(line => line !== '');
    case 'phrases':
      return first
        .split('\n')
        .map(line => line.trim())
        .filter(line => line !== '');
    case 'table':
      return Object.fromEntries(
        first
          .split('\n')
          .map(line => line.trim().split(/\s+/))
          .filter(([name]) => name !== '')
          .map(([name, ...of]) => [name, of.length === 1 ? of[0] : of.map(decimal)]),
      );
    case 'text':
      // An empty text means "no prefix" for the prefix, and "the operator's voice" (null) for the voice.
      return control.setting === 'voice' ? text || null : text;
  }
}
