import { type APIComponentInContainer, ComponentType } from 'discord.js';

// The small parts of which every view and form of the settings panel is made: custom ids, texts and rows, with
// Discord's limits for menus. `view.ts`, `group-view.ts` and `voice-picker.ts` draw with them.

/** The custom ids of the panel's buttons, menus and forms begin with this. */
const PREFIX = 'settings';

/** The most entries of a menu at Discord, and so the most that people can choose in it. */
export const MAX_SELECTED = 25;
/** The most characters of the label of an entry. */
export const MAX_LABEL = 100;

/**
 * Makes the custom id of a button, menu or form of the settings panel: the text that Discord hands back when somebody
 * uses it. It holds all that is needed to answer a use, so that a panel still works after a restart. The first part is
 * the action. The others depend on it: they are read by `useOf` in `panel.ts` and by `VoicePicks.answer`.
 */
export const customId = (...parts: readonly string[]) => [PREFIX, ...parts].join(':');

/** Makes a text component. */
export const text = (content: string) => ({ type: ComponentType.TextDisplay as const, content });

/** Makes a row that holds one button or menu. */
export function row(component: object): APIComponentInContainer {
  return { type: ComponentType.ActionRow, components: [component] } as APIComponentInContainer;
}
