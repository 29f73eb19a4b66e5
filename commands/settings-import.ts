import { fileOption, listed, type Subcommand } from '../src/discord/command.ts';

export const settingsImport: Subcommand = {
  name: 'import',
  options: [fileOption('file', { required: true })],
  async run(use, context, t) {
    const file = use.options.getAttachment('file', true);
    const { channels, words, unchecked } = await context.settingsImport.take(use, file);
    const done = t('settings.imported', { channels, words });
    return unchecked.length > 0 ? `${done}\n${t('voice.unchecked', { voices: listed(unchecked) })}` : done;
  },
};
