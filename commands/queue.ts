import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';
import { plain } from '../src/discord/interaction/texts.ts';

/** Discord allows 2,000 characters in a message; the rest is room for a last line that counts the lines left out. */
const MAX_CHARACTERS = 1_950;
const MAX_LINE_CHARACTERS = 80;

/**
 * Shows one line. Callers who are not in the bot's voice channel see only whose it is, as its words may be from a
 * channel that is hidden from them.
 */
function shown(line: { name: string; text: string }, listens: boolean): string {
  if (!listens) return `**${plain(line.name)}**`;
  const characters = Array.from(line.text);
  const cut = characters.slice(0, MAX_LINE_CHARACTERS).join('');
  return `**${plain(line.name)}**: ${plain(cut)}${characters.length > MAX_LINE_CHARACTERS ? '…' : ''}`;
}

/** `/queue` shows which line is being said and which lines come next. */
export const queue: SlashCommand = {
  data: slash('queue'),
  run(interaction, services, t) {
    const session = services.callers.session(interaction);
    const { current, waiting } = session?.lines ?? { current: null, waiting: [] };
    if (!current && waiting.length === 0) return t('queue.empty');
    const listens = services.callers.listens(interaction);
    const held = session?.hindrance;
    const lines = held ? [t('queue.held', { why: [`hindrance.${held}`] })] : [];
    if (current) lines.push(t('queue.now', { line: shown(current, listens) }));
    for (const [index, line] of waiting.entries()) {
      const next = `${index + 1}. ${shown(line, listens)}`;
      if (lines.join('\n').length + next.length > MAX_CHARACTERS) {
        lines.push(t('queue.more', { count: waiting.length - index }));
        break;
      }
      lines.push(next);
    }
    return lines.join('\n');
  },
};
