import { fileOption, type Subcommand } from '../src/discord/command.ts';

export const settingsImport: Subcommand = {
  name: 'import',
  options: [fileOption('file', { required: true })],
  async run(use, context, t) {
    return t(
      'settings.imported',
      await context.settingsImport.take(use, use.options.getAttachment('file', true)),
    );
  },
};
