import { fileOption, type Subcommand } from '../src/discord/command.ts';

export const settingsImport: Subcommand = {
  name: 'import',
  options: [fileOption('file', { required: true })],
  async run(use, context, t) {
    const bytes = await context.attachments.fetch(use.options.getAttachment('file', true));
    const record = await context.store.server(use.guildId);
    const { settings, words } = context.files.settings.read(bytes, record);
    await context.store.replaceServer(use.guildId, { settings, words });
    return t('settings.imported', { channels: settings.channels.length, words: words.size });
  },
};
