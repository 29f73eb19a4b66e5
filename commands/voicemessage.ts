import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';
import { completeVoice } from '../src/discord/interaction/complete-voice.ts';
import { textOption, voiceOption } from '../src/discord/interaction/options.ts';
import { UserError } from '../src/errors.ts';

/** `/voicemessage` says a text as a Discord voice message in the channel where the command is used. */
export const voicemessage: SlashCommand = {
  data: slash('voicemessage', [textOption('text', { required: true, maxLength: 2000 }), voiceOption()]),
  public: true,
  complete: completeVoice,
  async run(interaction, services, t) {
    const given = interaction.options.getString('voice')?.trim();
    const voice = given ? services.voices.idOf(interaction, given) : undefined;
    const { line, cut } = await services.callerLines.own(
      interaction,
      interaction.options.getString('text', true),
      voice,
    );
    const message = await services.callerLines.voiceMessage(interaction, line);
    // Discord allows no text in a voice message, so the caller is told in a message of its own.
    if (cut) void services.followUps.tell(interaction, new UserError('say.cut'));
    return { voice: message, otherwise: t('voicemessage.as-file') };
  },
};
