import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';
import { completeVoice } from '../src/discord/interaction/complete-voice.ts';
import { textOption, voiceOption } from '../src/discord/interaction/options.ts';
import { queuedWords } from '../src/discord/interaction/when-heard.ts';

/** `/say` says a text in the caller's voice channel, and brings the bot there first. */
export const say: SlashCommand = {
  data: slash('say', [textOption('text', { required: true, maxLength: 2000 }), voiceOption()]),
  complete: completeVoice,
  async run(interaction, services, t) {
    const given = interaction.options.getString('voice')?.trim();
    const voice = given ? services.voices.idOf(interaction, given) : undefined;
    const { session, before, cut } = await services.callRequests.speak(interaction, () =>
      services.callerLines.own(interaction, interaction.options.getString('text', true), voice),
    );
    await session.settled();
    const answer = queuedWords(session, before, t);
    return cut ? `${answer}\n${t('say.cut')}` : answer;
  },
};
