import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import type { GuildSettings } from '../../settings.ts';
import { customId } from './components.ts';
import { type Control, labelOf } from './controls.ts';
import { typed } from './values.ts';

/** The most characters that Discord allows in a field of a form. */
const MAX_FIELD = 4_000;
/** The most characters that Discord allows in the title of a form and in the label of a field. */
const MAX_TITLE = 45;
/** The most characters that Discord allows in the description of a field. */
const MAX_DESCRIPTION = 100;

/** Returns the form in which people type the value of a setting, filled with its present value. */
export function formOf(
  settings: GuildSettings,
  control: Control,
  channelId: string | undefined,
  t: Translate,
): APIModalInteractionResponseCallbackData {
  const { setting, page, kind } = control;
  return {
    custom_id: customId('typed', page, setting, ...(channelId ? [channelId] : [])),
    title: t(labelOf(setting)).slice(0, MAX_TITLE),
    components: [
      {
        type: ComponentType.Label,
        label: t(labelOf(setting)).slice(0, MAX_TITLE),
        description: t(`setting.${setting}.about`).slice(0, MAX_DESCRIPTION),
        component: {
          type: ComponentType.TextInput,
          custom_id: 'value',
          style:
            kind === 'list' || kind === 'phrases' || kind === 'table'
              ? TextInputStyle.Paragraph
              : TextInputStyle.Short,
          required: false,
          value: typed(settings, control).slice(0, MAX_FIELD),
        },
      },
    ],
  };
}
