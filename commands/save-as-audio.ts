import type { Answer } from '../src/discord/interaction/answer.ts';
import { type MessageMenu, menuData } from '../src/discord/interaction/command.ts';
import type { Translate } from '../src/locale/catalogue.ts';

function answer(bytes: Buffer, cut: boolean, t: Translate): Answer {
  const text = cut ? `${t('save-as-audio.done')}\n${t('save-as-audio.cut')}` : t('save-as-audio.done');
  return { text, files: [{ name: 'message.ogg', bytes }] };
}

/** The menu entry "Save as audio" sends a message as a sound file, also to visitors where the bot is not a member. */
export const saveAsAudio: MessageMenu = {
  data: menuData('save-as-audio'),
  async menu(interaction, services, t) {
    const { line, cut } = await services.callerLines.ofMessage(interaction, interaction.targetMessage);
    return answer(await services.callerLines.soundFile(interaction, line), cut, t);
  },
  async visit(interaction, lines, t) {
    const { line, cut } = await lines.lineOfMessage(interaction, interaction.targetMessage);
    return answer(await lines.soundFile(line), cut, t);
  },
};
