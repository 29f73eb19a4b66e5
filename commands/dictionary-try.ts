import type { Subcommand } from '../src/discord/interaction/command.ts';
import { textOption } from '../src/discord/interaction/options.ts';
import { plain } from '../src/discord/interaction/texts.ts';

/** `/dictionary try` shows what would be sent to Fish Audio for a text, without saying it. */
export const dictionaryTry: Subcommand = {
  name: 'try',
  options: [textOption('text', { required: true, maxLength: 1000 })],
  async run(interaction, services, t) {
    const text = interaction.options.getString('text', true);
    const { text: spoken, bytes } = await services.callerLines.speakable(interaction, text);
    if (spoken === '') return t('dictionary.nothing', { text: plain(text) });
    return t('dictionary.tried', { text: plain(text), spoken: plain(spoken), bytes });
  },
};
