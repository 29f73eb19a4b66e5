import { type APIComponentInContainer, ComponentType } from 'discord.js';

/** The custom ids of this feature's buttons, menus and forms begin with this. */
const PREFIX = 'settings';

/** The most entries that Discord lets people choose in one menu, and the most characters of an entry's label. */
export const MAX_SELECTED = 25;
export const MAX_LABEL = 100;

/**
 * Makes the custom id of a button, menu or form of the settings panel. It holds all that is needed to answer a use,
 * so that a panel still works after a restart. The parts are: the action, the page, the setting, and the id of a
 * channel.
 */
export const customId = (...parts: readonly string[]) => [PREFIX, ...parts].join(':');

/** Makes a text component. */
export const text = (content: string) => ({ type: ComponentType.TextDisplay as const, content });

/** Makes a row that holds one button or menu. */
export function row(component: object): APIComponentInContainer {
  return { type: ComponentType.ActionRow, components: [component] } as APIComponentInContainer;
}
