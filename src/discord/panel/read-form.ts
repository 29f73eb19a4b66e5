import type { MessageKey, Translate } from '../../locale/catalogue.ts';
import { numberIn, unitNamesIn } from '../../locale/numbers.ts';
import { type GuildSettings, guildSettings, MAX_BLOCKED } from '../../settings/guild.ts';
import { BOUNDS } from '../../settings/values.ts';
import { shortened } from '../../shortened.ts';
import { type Control, labelOf, NONE, type Unit } from './controls.ts';
import { checkListed } from './listed-channel.ts';
import type { Group } from './pages.ts';
import {
  BY_ROLE,
  highOf,
  isTicked,
  listIn,
  lowOf,
  type Possibilities,
  roleFieldOf,
  type Typed,
  textIn,
} from './typed.ts';
import { numberTyped } from './typed-number.ts';
import { inUnit, type ValueWords } from './value-words.ts';

// Reads a form of the settings panel that somebody has sent in: it finds what they changed and what is wrong with it.
// `typed.ts` knows the fields, `typed-number.ts` reads numbers, and `panel.ts` saves the change.

/** The most characters of a wrong value that people are shown again. */
const MAX_GIVEN = 40;

/** What is new in a form that was sent in, and what is wrong with it. Nothing may be saved while anything is wrong. */
export interface FormChange {
  readonly change: Partial<GuildSettings>;
  /** One line for each wrong value, such as `Speed: 7 — from 0.5 to 2×`. */
  readonly problems: readonly string[];
}

interface FormRead {
  readonly group: Pick<Group, 'controls'>;
  /** What stood in the fields when the form was opened. */
  readonly opened: Typed;
  /** What stands in them now. */
  readonly typed: Typed;
  /** The settings that hold now. Somebody else may have changed them since the form was opened. */
  readonly settings: GuildSettings;
  readonly possible: Possibilities;
  readonly words: Pick<ValueWords, 't' | 'usdPerMillionBytes'>;
}

/**
 * Returns what somebody has changed in a form. Fields that they left as they were change nothing, so that what others
 * have changed meanwhile stays.
 */
export function readForm(form: FormRead): FormChange {
  const change: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const control of form.group.controls) {
    const read = valueTyped(control, form);
    if (read === UNCHANGED) continue;
    if ('problem' in read) {
      problems.push(read.problem);
      continue;
    }
    const { setting } = control;
    const value =
      control.kind === 'range'
        ? { ...form.settings.bounds, ...(change['bounds'] as object), [control.part]: read.value }
        : read.value;
    const parsed = guildSettings.shape[setting].safeParse(value);
    if (parsed.success) change[setting] = parsed.data;
    else problems.push(unusable(control, form.words.t));
  }
  return { change, problems };
}

/** Says that a value cannot be used, and of a list what could be. */
function unusable(control: Control, t: Translate): string {
  const setting = t(labelOf(control));
  if (control.kind === 'phrases') return t('problem.phrases', { setting, ...MAX_BLOCKED });
  return t('problem.unusable', { setting });
}

const UNCHANGED = Symbol('unchanged');
type Read = typeof UNCHANGED | { readonly value: unknown } | { readonly problem: string };

function valueTyped(control: Control, form: FormRead): Read {
  const { opened, typed, settings, possible, words } = form;
  const { setting } = control;
  const isSame = (field: string) => JSON.stringify(typed[field]) === JSON.stringify(opened[field]);
  const wrong = (key: MessageKey) => ({ problem: words.t(key, { setting: words.t(labelOf(control)) }) });
  switch (control.kind) {
    case 'toggle': {
      const ticked = isTicked(typed, setting);
      return ticked === undefined || ticked === isTicked(opened, setting) ? UNCHANGED : { value: ticked };
    }
    case 'number': {
      if (isSame(setting)) return UNCHANGED;
      const text = textIn(typed, setting);
      const mayBeEmpty = guildSettings.shape[control.setting].safeParse(null).success;
      if (text.trim() === '' && mayBeEmpty) return { value: null };
      return numberRead(control, text, BOUNDS[control.setting], words);
    }
    case 'range':
      return rangeRead(control, form);
    case 'text':
      return isSame(setting) ? UNCHANGED : { value: textIn(typed, setting).trim() };
    case 'phrases': {
      const lines = textIn(typed, setting).split('\n');
      return isSame(setting)
        ? UNCHANGED
        : { value: lines.map(line => line.trim()).filter(line => line !== '') };
    }
    case 'choice': {
      if (isSame(setting)) return UNCHANGED;
      const chosen = textIn(typed, setting);
      if (!control.values.includes(chosen)) return wrong('problem.unusable');
      // `NONE` stands for null, unless the setting takes the word itself.
      const isWord = guildSettings.shape[setting].safeParse(chosen).success;
      return { value: chosen === NONE && !isWord ? null : chosen };
    }
    case 'role': {
      const [role = null] = listIn(typed, setting);
      // The field of a role that was deleted looks empty; whoever leaves it so means that no role is needed.
      const held = settings[setting];
      if (role === null && typeof held === 'string' && !possible.isRole(held)) return { value: null };
      if (isSame(setting)) return UNCHANGED;
      return role === null || possible.isRole(role) ? { value: role } : wrong('problem.role');
    }
    case 'people': {
      const field = roleFieldOf(setting);
      if (isSame(setting) && isSame(field)) return UNCHANGED;
      const [role] = listIn(typed, field);
      const chosen = textIn(typed, setting);
      // Whoever chooses a role means it, though they may have left the buttons above as they were.
      const byRole = chosen === BY_ROLE || (isSame(setting) && role !== undefined);
      if (!byRole) return control.values.includes(chosen) ? { value: chosen } : wrong('problem.unusable');
      if (role === undefined) return wrong('problem.no-role');
      return possible.isRole(role) ? { value: role } : wrong('problem.role');
    }
    case 'channels': {
      if (isSame(setting)) return UNCHANGED;
      const value = channelsChosen(settings, listIn(typed, setting), listIn(opened, setting), possible);
      return value === null ? { problem: words.t('panel.channel-unseen') } : { value };
    }
    case 'voice':
    case 'voices':
    case 'voiceList':
    case 'botVoices':
      return UNCHANGED; // These are no fields of a form.
  }
}

function rangeRead(control: Control & { kind: 'range' }, { opened, typed, settings, words }: FormRead): Read {
  const { part, unit } = control;
  const fields = [lowOf(part), highOf(part)] as const;
  if (fields.every(field => typed[field] === opened[field])) return UNCHANGED;
  const ends: number[] = [];
  for (const [index, field] of fields.entries()) {
    if (typed[field] === opened[field]) {
      ends.push(settings.bounds[part][index] ?? 0);
      continue;
    }
    const read = numberRead(control, textIn(typed, field), BOUNDS[part], words);
    if ('problem' in read) return read;
    ends.push(read.value);
  }
  const [low = 0, high = 0] = ends;
  if (low <= high) return { value: [low, high] };
  return {
    problem: words.t('problem.order', {
      setting: words.t(labelOf(control)),
      low: inUnit(low, unit, words),
      high: inUnit(high, unit, words),
    }),
  };
}

function numberRead(
  control: Control & { readonly unit: Unit },
  text: string,
  [low, high]: readonly [number, number],
  { t, ...words }: Pick<ValueWords, 't' | 'usdPerMillionBytes'>,
): { readonly value: number } | { readonly problem: string } {
  const { unit } = control;
  const whole = unit === 'seconds' || unit === 'bytes';
  const value = numberTyped(text, { whole, units: unitsOf(unit, t.locale) });
  const fits = value !== null && value >= low && value <= high && (!whole || Number.isInteger(value));
  if (fits) return { value };
  const given = shortened(text.replace(/\s+/gu, ' ').trim(), MAX_GIVEN);
  return {
    problem: t(given === '' ? 'problem.empty' : whole ? 'problem.whole' : 'problem.range', {
      setting: t(labelOf(control)),
      given: given.replaceAll('`', 'ˋ'),
      low: numberIn(t.locale, low),
      high: unit === 'bytes' ? numberIn(t.locale, high) : inUnit(high, unit, { t, ...words }),
    }),
  };
}

/** The words and signs that may stand behind a number of this unit. */
function unitsOf(unit: Unit, locale: string): readonly string[] {
  if (unit === 'seconds') return ['s', 'sec', 'seconds', ...unitNamesIn(locale, 'second')];
  if (unit === 'bytes') return ['b', 'bytes', ...unitNamesIn(locale, 'byte')];
  return unit === 'times' ? ['×', 'x'] : unit === 'decibels' ? ['db'] : [];
}

/**
 * Returns the setting `channels` after somebody chose channels in the panel. Those that they chose are read from now
 * on; those that they took out of the choice are not. All others stay as they are: those that the menu did not show,
 * and those that others have added meanwhile. Of these, channels that the bot does not know are dropped when there are
 * too many: they may be gone, or archived threads. Returns null when one of those that were chosen may not be added by
 * this person.
 */
function channelsChosen(
  { channels }: GuildSettings,
  chosen: readonly string[],
  shown: readonly string[],
  { isReadable, isHidden }: Possibilities,
): GuildSettings['channels'] | null {
  const before = new Map(channels.map(channel => [channel.id, channel]));
  if (!chosen.every(id => before.get(id)?.addedBy === 'admin' || isReadable(id))) return null;
  const added = chosen.map(id => ({ ...before.get(id), id, addedBy: 'admin' as const }));
  const stays = channels.filter(({ id }) => !chosen.includes(id) && !shown.includes(id));
  const all = [...added, ...stays];
  if (guildSettings.shape.channels.safeParse(all).success) return all;
  return [...added, ...stays.filter(({ id }) => isHidden(id) || isReadable(id))];
}

/**
 * Returns the change of the guild's settings that sets some of a channel's own settings. Throws a UserError when the
 * channel is not among those that are read any more.
 */
export function channelWith(
  settings: GuildSettings,
  channelId: string,
  change: Partial<GuildSettings>,
): Partial<GuildSettings> {
  checkListed(settings, channelId);
  return {
    channels: settings.channels.map(channel =>
      channel.id === channelId ? { ...channel, ...change } : channel,
    ),
  };
}

/**
 * Returns the change of the guild's settings that takes all its own settings from a channel. Throws as `channelWith`.
 */
export function channelPlain(settings: GuildSettings, channelId: string): Partial<GuildSettings> {
  checkListed(settings, channelId);
  return {
    channels: settings.channels.map(channel =>
      channel.id === channelId ? { id: channel.id, addedBy: channel.addedBy } : channel,
    ),
  };
}
