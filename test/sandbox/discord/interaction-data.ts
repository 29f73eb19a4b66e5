import { channelPayload, type FakeChannel } from './channel.ts';
import type { FakeGuild } from './guild.ts';
import { isRecord, type JsonObject, lengthOf } from './json.ts';

export type OptionValue = string | number | boolean | FakeChannel;

/** (Discord, "Application Commands", Application Command Option Type.) */
const OPTION = {
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  channel: 7,
  number: 10,
} as const;

interface Resolved {
  readonly options: object[];
  readonly channels: Record<string, object>;
}

const listOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/**
 * The `data` of a command's use. `name` may lead to a subcommand: "voice set". Throws where Discord's client would
 * not let a person send it: an option that the registered command lacks, a missing required one, a wrong type.
 */
export function commandData(
  registered: readonly object[],
  name: string,
  values: Readonly<Record<string, OptionValue>>,
  { guild, userId }: { guild: FakeGuild; userId: string },
): object {
  const [top = '', ...path] = name.split(' ');
  const command = listOf(registered).find(one => one['name'] === top && (one['type'] ?? 1) === 1);
  if (!command) throw new Error(`no command /${top} is registered`);
  const leaf = path.reduce((level, part) => {
    const inner = listOf(level['options']).find(option => option['name'] === part);
    if (!inner) throw new Error(`/${name} is not registered: there is no "${part}"`);
    return inner;
  }, command);
  const { options, channels } = resolve(listOf(leaf['options']), values, `/${name}`, guild, userId);
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
    ...(Object.keys(channels).length > 0 && { resolved: { channels } }),
  };
}

function resolve(
  known: readonly JsonObject[],
  values: Readonly<Record<string, OptionValue>>,
  use: string,
  guild: FakeGuild,
  userId: string,
): Resolved {
  if (known.some(({ type }) => type === OPTION.subcommand || type === OPTION.group))
    throw new Error(`${use} has subcommands: name one of them`);
  for (const option of known)
    if (option['required'] === true && values[String(option['name'])] === undefined)
      throw new Error(`${use}: the option "${String(option['name'])}" is required`);
  const channels: Record<string, object> = {};
  const options = Object.entries(values).map(([name, value]) => {
    const option = known.find(one => one['name'] === name);
    if (!option) throw new Error(`${use} has no option "${name}"`);
    check(option, value, `${use}, option "${name}"`);
    if (typeof value !== 'object') return { name, type: option['type'], value };
    const permissions = guild.permissionsOf(userId, value).toString();
    channels[value.id] = { ...channelPayload(value), permissions };
    return { name, type: option['type'], value: value.id };
  });
  return { options, channels };
}

function check(option: JsonObject, value: OptionValue, use: string): void {
  const { type, choices, channel_types: channelTypes } = option;
  const fits =
    (type === OPTION.string && typeof value === 'string') ||
    (type === OPTION.boolean && typeof value === 'boolean') ||
    (type === OPTION.number && typeof value === 'number') ||
    (type === OPTION.integer && typeof value === 'number' && Number.isInteger(value)) ||
    (type === OPTION.channel && typeof value === 'object');
  if (!fits) throw new Error(`${use}: a value of the wrong type`);
  if (typeof value === 'object' && Array.isArray(channelTypes) && !channelTypes.includes(value.type))
    throw new Error(`${use}: a channel of that type cannot be chosen`);
  const offered = listOf(choices);
  if (offered.length > 0 && !offered.some(choice => choice['value'] === value))
    throw new Error(`${use}: not one of the choices`);
  const size = typeof value === 'string' ? lengthOf(value) : value;
  const [least, most] =
    typeof value === 'string'
      ? [option['min_length'], option['max_length'] ?? 6_000]
      : [option['min_value'], option['max_value']];
  if (typeof least === 'number' && Number(size) < least) throw new Error(`${use}: less than ${least}`);
  if (typeof most === 'number' && Number(size) > most) throw new Error(`${use}: more than ${most}`);
}
