import { isVoiceId, type Subcommand, textOption } from '../src/discord/command.ts';
import { UserError } from '../src/errors.ts';

export const voiceServer: Subcommand = {
  name: 'server',
  admin: true,
  options: [textOption('voice', { required: true, maxLength: 64 })],
  async run(use, context, t) {
    const voice = use.options.getString('voice', true).trim();
    if (!isVoiceId(voice)) throw new UserError('voice.not-an-id');
    await context.store.saveSettings(use.guildId, { voice });
    return t('voice.server', { voice });
  },
};
