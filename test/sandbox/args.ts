import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';

export const HELP = `npm run sandbox -- ["words"] [options]    the real bot says them, in a Discord that lives on this machine

Fish Audio and the language model live here too, so nothing needs an account. Without words the bot says a sentence of
its own. What a listener in the voice channel heard is written to a file, and a timeline is printed.

  --ask                   the words are a question, and the answer (a canned one) is spoken while it is written
  --page                  a small Discord in your browser instead, with sound
  --servers               that page without a bot, and the variables by which a bot of yours finds its servers
  --no-open               with --page or --servers: print the address, and open no browser
  --voice <name>          a voice of the sandbox's library, by name or id, such as "Captain Redbeard"
  --out <file>            where the sound goes; sandbox.ogg without it
  -h, --help              this

Words that begin with "-" come after "--":  npm run sandbox -- -- "-5 degrees"
--page and --servers run until Ctrl-C.
Ends with 0 if all that was made was heard, or the bot said why there is nothing to say, else with 1.
`;

const DEFAULT_OUT = 'sandbox.ogg';
/** What `/say` and `/ask` take, in characters. */
const WORDS_MAX = 2_000;

/** What the sandbox's command is to do. */
export type Task =
  | { readonly kind: 'help' }
  | { readonly kind: 'page' | 'servers'; readonly open: boolean }
  | {
      readonly kind: 'say' | 'ask';
      /** Empty where nothing was given. */
      readonly words: string;
      readonly voice: string | undefined;
      readonly out: string;
    }
  /** `why` is a sentence without its full stop. */
  | { readonly kind: 'wrong'; readonly why: string };

/** Reads the arguments of the command line. */
export function readArgs(args: readonly string[]): Task {
  const options = {
    help: { type: 'boolean', short: 'h', default: false },
    page: { type: 'boolean', default: false },
    servers: { type: 'boolean', default: false },
    open: { type: 'boolean', default: true },
    ask: { type: 'boolean', default: false },
    voice: { type: 'string' },
    out: { type: 'string', default: DEFAULT_OUT },
  } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      allowNegative: true,
    });
    const { help, page, servers, open, ask, voice, out } = values;
    const words = positionals.join(' ').trim();
    if (help) return { kind: 'help' };
    if (page || servers) {
      const option = servers ? 'servers' : 'page';
      if (ask || words || voice !== undefined)
        return { kind: 'wrong', why: `--${option} takes no words: they are written in the page` };
      return { kind: option, open };
    }
    if (ask && voice !== undefined)
      return { kind: 'wrong', why: '--voice goes with words: an answer has the voice of who asks' };
    const length = Array.from(words).length;
    if (length > WORDS_MAX)
      return {
        kind: 'wrong',
        why: `a command takes ${WORDS_MAX} characters at most, and these are ${length}`,
      };
    if (out === '') return { kind: 'wrong', why: '--out needs the name of a file' };
    const hindrance = hindranceOf(out);
    if (hindrance !== null) return { kind: 'wrong', why: `${out} cannot be written: ${hindrance}` };
    return { kind: ask ? 'ask' : 'say', words, voice, out };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { kind: 'wrong', why: error.message.split(/\.\s|\n/)[0] ?? '' };
  }
}

/** Why no file can be written at this path, as far as one can see before; null if it can. */
function hindranceOf(path: string): string | null {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) return 'it is a folder';
  try {
    accessSync(there ? path : dirname(path), constants.W_OK);
    return null;
  } catch {
    return there ? 'you may not write it' : 'its folder is not there, or may not be written by you';
  }
}
