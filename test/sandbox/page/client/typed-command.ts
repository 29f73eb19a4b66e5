import { OPTION } from '../../discord/option-type.ts';
import type { Command } from '../protocol.ts';

/** The command that "/say Hello" means, and what stands behind its name; null for no command. */
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
  return command ? { command, rest: typed.slice(command.name.length).trim() } : null;
}

/** Values with which the command can be sent as it was typed; null where a form has to ask for more. */
export function readyValues({ options }: Command, rest: string): Record<string, string> | null {
  if (options.length === 0) return {};
  const [first] = options;
  const takesWords = first?.type === OPTION.string && first.choices.length === 0 && !first.autocomplete;
  const others = options.slice(1).some(({ required }) => required);
  return first && takesWords && rest !== '' && !others ? { [first.name]: rest } : null;
}
