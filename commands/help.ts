import { type Command, slash } from '../src/discord/command.ts';

export const help: Command = {
  data: slash('help', 'What I can do'),
  run(_use, context) {
    const lines = context.commands.map(({ data }) => `\`/${data.name}\`: ${data.description}`);
    return ['I say what you type, in the voice channel you are in.', ...lines].join('\n');
  },
};
