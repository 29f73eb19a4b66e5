import { UserError } from '../src/errors.ts';
import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';
import { completeVoice } from '../src/discord/interaction/complete-voice.ts';
import { textOption, voiceOption } from '../src/discord/interaction/options.ts';

export const voicemessage: SlashCommand = {
  data: slash('voicemessage', [textOption('text', { required: true, maxLength: 2000 }), voiceOption()]),
  public: true,
  complete: completeVoice,
  async run(interaction, services, t) {
    const given = interaction.options.getString('voice')?.trim();
    const voice = given ? services.voices.chosen(interaction, given) : undefined;
    const { line, cut } = await services.lines.own(
      interaction,
      interaction.options.getString('text', true),
      voice,
    );
    const message = await services.lines.voiceMessage(interaction, line);
    if (cut) void services.followUps.tell(interaction, new UserError('say.cut')); // a voice message takes no words
    return { voice: message, otherwise: t('voicemessage.as-file') };
  },
};
