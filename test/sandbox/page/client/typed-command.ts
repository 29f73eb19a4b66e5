import { OPTION } from '../../discord/option-type.ts';
import type { Command } from '../protocol.ts';

/**
 * The command that "/say Hello" means, and what stands behind its name; null for no command. The name of its first
 * option may stand before the words, as in "/say text: Hello".
 */
export function typedCommand(
  text: string,
  commands: readonly Command[],
): { readonly command: Command; readonly rest: string } | null {
  if (!text.startsWith('/')) return null;
  const typed = text.slice(1).trim();
  const fits = commands.filter(
    ({ name, kind }) => kind === 'chat' && (typed === name || typed.startsWith(`${name} `)),
  );
  const command = fits.toSorted((a, b) => b.name.length - a.name.length)[0];
  if (!command) return null;
  const rest = typed.slice(command.name.length).trim();
  const [first] = command.options;
  const named = first !== undefined && rest.startsWith(`${first.name}:`);
  return { command, rest: named ? rest.slice(first.name.length + 1).trim() : rest };
}

/** Values with which the command can be sent as it was typed; null where a form has to ask for more. */
export function readyValues({ options }: Command, rest: string): Record<string, string> | null {
  if (options.length === 0) return {};
  const [first] = options;
  const takesWords = first?.type === OPTION.string && first.choices.length === 0 && !first.autocomplete;
  const others = options.slice(1).some(({ required }) => required);
  return first && takesWords && rest !== '' && !others ? { [first.name]: rest } : null;
}
