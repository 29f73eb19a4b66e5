import { plain, type Subcommand, textOption } from '../src/discord/command.ts';

export const dictionaryTry: Subcommand = {
  name: 'try',
  options: [textOption('text', { required: true, maxLength: 1000 })],
  async run(use, context, t) {
    const text = use.options.getString('text', true);
    const { text: spoken, bytes } = await context.speakable(use, text);
    if (spoken === '') return t('dictionary.nothing', { text: plain(text) });
    return t('dictionary.tried', { text: plain(text), spoken: plain(spoken), bytes });
  },
};
