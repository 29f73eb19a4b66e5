import { plain, type Subcommand, textOption } from '../src/discord/command.ts';

export const voiceForget: Subcommand = {
  name: 'forget',
  options: [textOption('voice', { required: true, maxLength: 64 })],
  async run(use, context, t) {
    const { name, everywhere } = await context.cloning.forget(use, use.options.getString('voice', true));
    return t(everywhere ? 'clone.forgotten' : 'clone.forgotten-here', { name: plain(name) });
  },
};
