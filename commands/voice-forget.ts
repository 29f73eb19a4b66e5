import { plain, type Subcommand, voiceOption } from '../src/discord/command.ts';

export const voiceForget: Subcommand = {
  name: 'forget',
  options: [voiceOption({ required: true })],
  complete: (use, context) => context.cloning.choices(use, use.options.getFocused()),
  async run(use, context, t) {
    const { name, everywhere } = await context.cloning.forget(use, use.options.getString('voice', true));
    return t(everywhere ? 'clone.forgotten' : 'clone.forgotten-here', { name: plain(name) });
  },
};
