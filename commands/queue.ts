import { type Command, plain, slash } from '../src/discord/command.ts';

/** Lines shown; Discord takes 2,000 characters in a message. */
const MAX_SHOWN = 15;
const MAX_LINE_CHARACTERS = 80;

function shown(line: { name: string; text: string }): string {
  const characters = Array.from(line.text);
  const cut = characters.slice(0, MAX_LINE_CHARACTERS).join('');
  return `**${plain(line.name)}**: ${plain(cut)}${characters.length > MAX_LINE_CHARACTERS ? '…' : ''}`;
}

export const queue: Command = {
  data: slash('queue', 'See what I am saying and what comes next'),
  run(use, context) {
    const { current, waiting } = context.session(use)?.lines ?? { current: null, waiting: [] };
    if (!current && waiting.length === 0) return 'The queue is empty.';
    const lines = waiting.slice(0, MAX_SHOWN).map((line, index) => `${index + 1}. ${shown(line)}`);
    if (current) lines.unshift(`Now: ${shown(current)}`);
    if (waiting.length > MAX_SHOWN) lines.push(`… and ${waiting.length - MAX_SHOWN} more`);
    return lines.join('\n');
  },
};
