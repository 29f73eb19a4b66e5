import type { NewAttachment } from './attachment.ts';
import type { Cdn } from './cdn.ts';
import type { FakeChannel } from './channel.ts';
import { isFileOfType } from './file-types.ts';
import { type JsonObject, lengthOf, recordsOf } from './json.ts';
import type { Role } from './member.ts';
import { OPTION } from './option-type.ts';
import type { Resolved } from './resolved.ts';
import type { FakeUser } from './user.ts';

export type OptionValue = string | number | boolean | FakeChannel | FakeUser | Role | NewAttachment;

const STRING_MAX = 6_000;

interface Filling {
  /** "voice set" for a subcommand. */
  readonly name: string;
  readonly values: Readonly<Record<string, OptionValue>>;
  readonly resolved: Resolved;
  readonly cdn: Cdn;
  readonly applicationId: string;
  /** The option that is being written, of a form that need not be whole: suggestions are asked for. */
  readonly focused?: string;
}

/**
 * The `data` of a command's use. Throws where Discord's client would not let a person send it: an option that the
 * registered command lacks, a missing required one, a wrong type.
 */
export function commandData(command: JsonObject, filling: Filling): object {
  const { name, resolved } = filling;
  const [top = '', ...path] = name.split(' ');
  const options = filled(optionsOf(command, name), filling);
  const nested = path
    .toReversed()
    .reduce<object[]>(
      (inner, part, depth) => [
        { name: part, type: depth === 0 ? OPTION.subcommand : OPTION.group, options: inner },
      ],
      options,
    );
  return {
    id: command['id'],
    name: top,
    type: 1,
    ...(nested.length > 0 && { options: nested }),
    ...resolved.payload,
  };
}

/** The option of a command that suggestions are asked for; throws if it has none. */
export function suggestedOption(command: JsonObject, name: string, focused: string): JsonObject {
  const option = optionsOf(command, name).find(one => one['name'] === focused);
  if (option?.['autocomplete'] !== true) throw new Error(`/${name}: "${focused}" is not autocompleted`);
  return option;
}

/** The options of a command or, where the name leads to one, of a subcommand. */
function optionsOf(command: JsonObject, name: string): JsonObject[] {
  const leaf = name
    .split(' ')
    .slice(1)
    .reduce((level, part) => {
      const inner = recordsOf(level['options']).find(option => option['name'] === part);
      if (!inner || Number(inner['type']) > OPTION.group)
        throw new Error(`/${name} is not registered: there is no "${part}"`);
      return inner;
    }, command);
  const options = recordsOf(leaf['options']);
  if (options.some(({ type }) => type === OPTION.subcommand || type === OPTION.group))
    throw new Error(`/${name} has subcommands: name one of them`);
  return options;
}

function filled(known: readonly JsonObject[], filling: Filling): object[] {
  const { values, focused } = filling;
  const use = `/${filling.name}`;
  if (focused === undefined)
    for (const option of known)
      if (option['required'] === true && values[String(option['name'])] === undefined)
        throw new Error(`${use}: the option "${String(option['name'])}" is required`);
  return Object.entries(values).map(([name, value]) => {
    const option = known.find(one => one['name'] === name);
    if (!option) throw new Error(`${use} has no option "${name}"`);
    const { type } = option;
    if (name === focused) return { name, type, value, focused: true };
    const where = `${use}, option "${name}"`;
    checkValue(option, value, where);
    return { name, type, value: typeof value === 'object' ? named(option, value, where, filling) : value };
  });
}

/** The id of what was chosen, which is told whole as well. */
function named(option: JsonObject, value: object, where: string, filling: Filling): string {
  const { resolved, cdn, applicationId } = filling;
  const { type, channel_types: channelTypes } = option;
  const people = type === OPTION.user || type === OPTION.mentionable;
  const roles = type === OPTION.role || type === OPTION.mentionable;
  if (people && isUser(value)) return resolved.user(value);
  if (roles && isRole(value)) return resolved.role(value);
  if (type === OPTION.attachment && !isUser(value) && !isRole(value) && !isChannel(value)) {
    const file = value as NewAttachment;
    if (!isFileOfType(option['file_types'], file))
      throw new Error(`${where}: a file of that type cannot be chosen`);
    return resolved.attachment(cdn.add({ applicationId }, file));
  }
  if (type !== OPTION.channel || !isChannel(value)) throw new Error(`${where}: a value of the wrong type`);
  if (Array.isArray(channelTypes) && !channelTypes.includes(value.type))
    throw new Error(`${where}: a channel of that type cannot be chosen`);
  return resolved.channel(value);
}

export const isChannel = (value: object): value is FakeChannel => 'guildId' in value;
export const isUser = (value: object): value is FakeUser => 'bot' in value;
export const isRole = (value: object): value is Role => 'managed' in value;

function checkValue(option: JsonObject, value: OptionValue, where: string): void {
  const { type } = option;
  const fits =
    (type === OPTION.string && typeof value === 'string') ||
    (type === OPTION.boolean && typeof value === 'boolean') ||
    (type === OPTION.number && typeof value === 'number') ||
    (type === OPTION.integer && typeof value === 'number' && Number.isInteger(value)) ||
    typeof value === 'object';
  if (!fits) throw new Error(`${where}: a value of the wrong type`);
  const offered = recordsOf(option['choices']);
  if (offered.length > 0 && !offered.some(choice => choice['value'] === value))
    throw new Error(`${where}: not one of the choices`);
  const size = typeof value === 'string' ? lengthOf(value) : Number(value);
  const [least, most] =
    typeof value === 'string'
      ? [option['min_length'], option['max_length'] ?? STRING_MAX]
      : [option['min_value'], option['max_value']];
  if (typeof least === 'number' && size < least) throw new Error(`${where}: less than ${least}`);
  if (typeof most === 'number' && size > most) throw new Error(`${where}: more than ${most}`);
}
