import { completeVoice, type Subcommand, voiceOption } from '../src/discord/command.ts';

export const voiceServer: Subcommand = {
  name: 'server',
  admin: true,
  options: [voiceOption({ required: true })],
  complete: completeVoice,
  async run(use, context, t) {
    const voice = await context.voices.checked(use, use.options.getString('voice', true));
    context.cloning.checkForAll(voice);
    await context.store.saveSettings(use.guildId, { voice });
    return t('voice.server', { voice: context.voices.shown(voice) }) + context.voices.doubt(voice, t);
  },
};
