import { type Answer, type MessageMenu, menuData, type Translate } from '../src/discord/command.ts';

function answer(bytes: Buffer, cut: boolean, t: Translate): Answer {
  const text = cut ? `${t('save-as-audio.done')}\n${t('save-as-audio.cut')}` : t('save-as-audio.done');
  return { text, files: [{ name: 'message.ogg', bytes }] };
}

export const saveAsAudio: MessageMenu = {
  data: menuData('save-as-audio'),
  async menu(use, context, t) {
    const { line, cut } = await context.lineOfMessage(use, use.targetMessage);
    return answer(await context.soundFile(use, line), cut, t);
  },
  async visit(use, visits, t) {
    const { line, cut } = await visits.lineOfMessage(use, use.targetMessage);
    return answer(await visits.soundFile(line), cut, t);
  },
};
