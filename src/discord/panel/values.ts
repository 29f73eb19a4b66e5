import { UserError } from '../../errors.ts';
import type { MessageKey, Translate } from '../../locale/catalogue.ts';
import { type GuildSettings, guildSettings } from '../../settings.ts';
import { type Control, MAX_SELECTED, NONE } from './controls.ts';

const MAX_LISTED = 6;

/** The value of a setting as people read it; mentions stay mentions. */
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

/** A single value as menus have it; null is `NONE`. */
export function plainOf(value: GuildSettings[keyof GuildSettings]): string {
  return value === null || typeof value === 'object' ? NONE : String(value);
}

/** The first few of a list, and how many more there are: a panel holds 4,000 characters. */
function listed(items: readonly string[], t: Translate): string {
  if (items.length === 0) return t('setting.nothing');
  const more = items.length - MAX_LISTED;
  const first = items.slice(0, MAX_LISTED).join(' ');
  return more > 0 ? `${first} ${t('queue.more', { count: more })}` : first;
}

/** A value of a menu: by its name in the catalogue, or, for languages, by the language's own word for itself. */
export function choiceLabel(
  { setting, ...control }: Control & { kind: 'choice' },
  value: string,
  t: Translate,
): string {
  if (control.worded) return t(`setting.${setting}.${value}` as MessageKey);
  if (value === NONE) return t('setting.language.none');
  return new Intl.DisplayNames([value], { type: 'language' }).of(value) ?? value;
}

/** What stands in the form's field before anything is typed. */
export function typed(settings: GuildSettings, { setting }: Control): string {
  const value = settings[setting];
  return typeof value === 'object' && value !== null ? linesOf(value).join('\n') : String(value ?? '');
}

/** A list as it is; of a table the name and what belongs to it. */
function linesOf(value: object): string[] {
  if (Array.isArray(value)) return value.map(String);
  return Object.entries(value).map(([name, of]: [string, unknown]) => [name, ...[of].flat()].join(' '));
}

/** What can be chosen in a server by the one who chooses. */
export interface Possibilities {
  /** The channel is one of the server, and they can read it themselves. */
  readonly isReadable: (channelId: string) => boolean;
  /** The channel is one of the server, and they cannot read it. */
  readonly isHidden: (channelId: string) => boolean;
  readonly isRole: (roleId: string) => boolean;
}

/**
 * What was chosen or typed, as a change of the settings; null when it cannot be that setting's value.
 * `chosen`: the values of a menu, or the one text of a form. Throws a UserError for a channel that they may not add.
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
 * The channels that are read after some were chosen in the panel: those, until they are taken out again. A menu shows 25,
 * and nobody chooses what they do not see: the others stay as they are.
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

/** The settings with a channel's own changed. */
export function channelWith(
  { channels }: GuildSettings,
  channelId: string,
  change: Partial<GuildSettings>,
): Partial<GuildSettings> {
  return {
    channels: channels.map(channel => (channel.id === channelId ? { ...channel, ...change } : channel)),
  };
}

/** The settings with a channel that has nothing of its own. */
export function channelPlain({ channels }: GuildSettings, channelId: string): Partial<GuildSettings> {
  return {
    channels: channels.map(channel =>
      channel.id === channelId ? { id: channel.id, addedBy: channel.addedBy } : channel,
    ),
  };
}

const decimal = (text: string) => Number(text.replace(',', '.'));

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
      // Who takes the role out again leaves it to nobody, until they choose somebody else.
      if (first === '') return 'managers';
      return control.values.includes(first) || possible.isRole(first) ? first : undefined;
    case 'channels':
      return channelsChosen(settings, chosen, possible);
    case 'choice':
      if (!control.values.includes(first)) return undefined;
      return first === NONE ? null : first;
    case 'number':
      if (text === '') return control.setting === 'temperature' ? null : undefined;
      return decimal(text);
    case 'list':
      return first
        .split(/\s+/)
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
      // An empty prefix is none; an empty voice is the process's.
      return control.setting === 'voice' ? text || null : text;
  }
}
