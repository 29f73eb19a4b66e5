import { type MessageMenu, menuData } from '../src/discord/interaction/command.ts';
import { queuedWords } from '../src/discord/interaction/when-heard.ts';

/** The menu entry "Read aloud" says a message in its author's voice, in the caller's voice channel. */
export const readAloud: MessageMenu = {
  data: menuData('read-aloud'),
  async menu(interaction, services, t) {
    const { session, before, cut } = await services.callRequests.speak(interaction, () =>
      services.callerLines.ofMessage(interaction, interaction.targetMessage),
    );
    await session.settled();
    const answer = queuedWords(session, before, t);
    return cut ? `${answer}\n${t('say.cut')}` : answer;
  },
};
