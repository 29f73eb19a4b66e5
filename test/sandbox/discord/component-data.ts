import { type FakeChannel } from './channel.ts';
import { isChannel, isRole, isUser } from './command-data.ts';
import { allComponents, COMPONENT, LINK_STYLE, SELECTS } from './component.ts';
import { type JsonObject, recordsOf } from './json.ts';
import type { Role } from './member.ts';
import type { Message } from './message.ts';
import type { Resolved } from './resolved.ts';
import type { FakeUser } from './user.ts';

/** What may be chosen: the value of an option, or a person, role or channel. */
export type Choice = string | FakeUser | Role | FakeChannel;

const { button, stringSelect, userSelect, roleSelect, mentionableSelect, channelSelect } = COMPONENT;

/** The component with that `custom_id`. Throws if there is none that can be used. */
function componentOf(message: Message, customId: string): JsonObject {
  const all = allComponents(message.fields['components']);
  const component = all.find(one => one['custom_id'] === customId);
  if (!component) throw new Error(`the message has no component "${customId}"`);
  if (component['disabled'] === true) throw new Error(`"${customId}" is disabled`);
  return component;
}

/** The `data` of a pressed button. (Discord, "Receiving and Responding", Message Component Data.) */
export function pressData(message: Message, customId: string): object {
  const component = componentOf(message, customId);
  if (component['type'] !== button || component['style'] === LINK_STYLE)
    throw new Error(`"${customId}" is no button`);
  return { custom_id: customId, component_type: button, id: component['id'] };
}

/** The `data` of a select in which somebody chose. */
export function chooseData(
  message: Message,
  customId: string,
  choices: readonly Choice[],
  resolved: Resolved,
): object {
  const select = componentOf(message, customId);
  if (!SELECTS.includes(select['type'])) throw new Error(`"${customId}" is no select`);
  return {
    custom_id: customId,
    component_type: select['type'],
    id: select['id'],
    values: chosenValues(select, choices, resolved),
    ...resolved.payload,
  };
}

/** The values of a select, on a message or in a modal. Throws for too many or too few, and for what is not offered. */
export function chosenValues(
  select: JsonObject,
  choices: readonly Choice[],
  resolved: Resolved,
): readonly string[] {
  const id = `"${String(select['custom_id'])}"`;
  const { min_values: least = 1, max_values: most = 1, required = true, type } = select;
  const none = choices.length === 0 && required === false;
  if ((choices.length < Number(least) && !none) || choices.length > Number(most))
    throw new Error(`${id}: from ${String(least)} to ${String(most)} can be chosen, not ${choices.length}`);
  if (new Set(choices).size < choices.length) throw new Error(`${id}: the same twice`);
  return choices.map(choice => {
    if (typeof choice === 'string') {
      if (type === stringSelect && recordsOf(select['options']).some(({ value }) => value === choice))
        return choice;
    } else if ((type === userSelect || type === mentionableSelect) && isUser(choice)) {
      return resolved.user(choice);
    } else if ((type === roleSelect || type === mentionableSelect) && isRole(choice)) {
      return resolved.role(choice);
    } else if (type === channelSelect && isChannel(choice)) {
      const types = select['channel_types'];
      if (!Array.isArray(types) || types.length === 0 || types.includes(choice.type))
        return resolved.channel(choice);
    }
    throw new Error(`${id} does not offer ${typeof choice === 'string' ? choice : choice.name}`);
  });
}
