import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import type { MessageKey, Translate } from '../../locale/catalogue.ts';
import type { ComponentInteraction } from '../interaction/interaction.ts';
import { customId, text } from './components.ts';
import { fieldsOf } from './fields.ts';
import type { Group } from './pages.ts';
import type { Typed } from './typed.ts';
import type { ValueWords } from './value-words.ts';
import { pageInWords } from './view.ts';

// Makes the forms that the settings panel opens, and takes the typed values out of a form that somebody has sent in.
// `fields.ts` draws the fields of settings, and `read-form.ts` checks what was typed.

/** The most characters of a search for a voice. The search stands in the ids of buttons, where there is little room. */
export const MAX_VOICE_QUERY = 50;
/** The longest text that people can type for a voice or a message: an address, which they copy. */
const MAX_LINK = 200;
/** The name of the only field of a form that has only one. */
const ONLY_FIELD = 'value';

/** Returns the form of a group, filled with what `typed` has. `id` is its custom id. */
export function formOf(
  group: Group,
  typed: Typed,
  id: string,
  words: Pick<ValueWords, 't' | 'usdPerMillionBytes'>,
): APIModalInteractionResponseCallbackData {
  const title = words.t(`panel.group.${group.name}` as MessageKey);
  // Whoever sets limits in bytes wants to know what they are worth.
  const about = text(pageInWords('limits', words));
  const fields = fieldsOf(group, typed, words.t);
  return { custom_id: id, title, components: group.page === 'limits' ? [about, ...fields] : fields };
}

/** Returns the form in which people type what kind of voice they look for. `slot` is the name of the voice's place. */
export function searchForm(slot: string, t: Translate): APIModalInteractionResponseCallbackData {
  return oneField(customId('query', slot), 'panel.search', t);
}

/** Returns the form in which people say which webhook they mean, by a message that it wrote. */
export function webhookForm(t: Translate): APIModalInteractionResponseCallbackData {
  return oneField(customId('hook'), 'panel.webhook', t);
}

function oneField(
  custom_id: string,
  key: 'panel.search' | 'panel.webhook',
  t: Translate,
): APIModalInteractionResponseCallbackData {
  return {
    custom_id,
    title: t(key),
    components: [
      {
        type: ComponentType.Label,
        label: t(`${key}.label`),
        description: t(`${key}.about`),
        component: {
          type: ComponentType.TextInput,
          custom_id: ONLY_FIELD,
          style: TextInputStyle.Short,
          max_length: MAX_LINK,
        },
      },
    ],
  };
}

/** Returns what stands in the fields of a form that was sent in; nothing for any other interaction. */
export function typedIn(interaction: ComponentInteraction): Typed {
  if (!interaction.isModalSubmit()) return {};
  const fields: Record<string, string | boolean | readonly string[]> = {};
  for (const [name, field] of interaction.fields.fields) {
    if ('values' in field) fields[name] = [...field.values];
    else if ('value' in field && field.value !== null) fields[name] = field.value;
  }
  return fields;
}

/** Returns what stands in the only field of a form that was sent in. */
export function onlyFieldOf(interaction: ComponentInteraction): string {
  const value = typedIn(interaction)[ONLY_FIELD];
  return typeof value === 'string' ? value.trim() : '';
}
