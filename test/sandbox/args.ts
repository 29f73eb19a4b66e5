import { parseArgs } from 'node:util';

export const HELP = `The real bot, in a Discord and with a Fish Audio that live on this machine.

  npm run sandbox                          it says a sentence
  npm run sandbox -- "your words"          it says yours
  npm run sandbox -- --ask "a question"    it speaks while a (canned) language model writes
  npm run sandbox -- --page                a small Discord in your browser, with sound

  --voice NAME   a voice of the sandbox's library, by name or id, such as "Captain Redbeard"
  --out FILE     where the sound goes; sandbox.ogg without it
  --no-open      with --page: print the address, and open no browser
  -h, --help     this help

Words that begin with "-" come after "--":  npm run sandbox -- -- "-5 degrees"
`;

const DEFAULT_OUT = 'sandbox.ogg';

/** What the sandbox's command is to do. */
export type Task =
  | { readonly kind: 'help' }
  | { readonly kind: 'page'; readonly open: boolean }
  | {
      readonly kind: 'say' | 'ask';
      /** Empty where nothing was given. */
      readonly words: string;
      readonly voice: string | undefined;
      readonly out: string;
    }
  | { readonly kind: 'wrong'; readonly why: string };

/** Reads the arguments of the command line. */
export function readArgs(args: readonly string[]): Task {
  const options = {
    help: { type: 'boolean', short: 'h', default: false },
    page: { type: 'boolean', default: false },
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
    const { help, page, open, ask, voice, out } = values;
    const words = positionals.join(' ').trim();
    if (help) return { kind: 'help' };
    if (page && (ask || words || voice !== undefined))
      return { kind: 'wrong', why: '--page takes no words: they are written in the page.' };
    if (page) return { kind: 'page', open };
    if (ask && voice !== undefined)
      return { kind: 'wrong', why: '--voice goes with words: an answer has the voice of who asks.' };
    return { kind: ask ? 'ask' : 'say', words, voice, out };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { kind: 'wrong', why: error.message.split('\n')[0] ?? '' };
  }
}
