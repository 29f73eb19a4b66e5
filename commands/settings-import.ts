import type { Subcommand } from '../src/discord/interaction/command.ts';
import { fileOption } from '../src/discord/interaction/options.ts';
import { listed } from '../src/discord/interaction/texts.ts';

/** `/settings import` takes over the settings, and the dictionary if there is one, of a JSON file. */
export const settingsImport: Subcommand = {
  name: 'import',
  options: [fileOption('file', { required: true, types: ['.json'] })],
  async run(interaction, services, t) {
    const file = interaction.options.getAttachment('file', true);
    const { channels, words, unchecked } = await services.settingsFiles.importFile(interaction, file);
    const done = t('settings.imported', { channels, words });
    return unchecked.length > 0 ? `${done}\n${t('voice.unchecked', { voices: listed(unchecked) })}` : done;
  },
};
