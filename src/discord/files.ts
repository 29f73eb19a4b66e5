import { UserError } from '../errors.ts';
import { type ServerSettings, serverSettings } from '../settings.ts';
import type { ServerRecord } from '../store/store.ts';
import { checkEntry, MAX_ENTRIES } from '../text/dictionary.ts';

/** The form of the files; a later one that reads otherwise would count on. */
const FORMAT = 1;

type Words = ReadonlyMap<string, string>;

function json(bytes: Buffer): Record<string, unknown> {
  try {
    // Files saved on Windows may begin with a byte order mark.
    const value: unknown = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UserError('file.not-json');
}

const write = (value: object) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

/** Throws a UserError that names the first entry which cannot stand in a dictionary. */
function check(words: Words): void {
  if (words.size > MAX_ENTRIES) throw new UserError('dictionary.full', { limit: MAX_ENTRIES });
  for (const [word, say] of words) {
    const problem = checkEntry(word, say);
    if (problem) throw new UserError(`dictionary.${problem}`);
  }
}

function wordsOf(value: unknown): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError('file.wrong', { where: 'dictionary' });
  const words = new Map<string, string>();
  for (const [word, say] of Object.entries(value)) {
    if (typeof say !== 'string') throw new UserError('file.wrong', { where: 'dictionary' });
    words.set(word.trim(), say.trim());
  }
  check(words);
  return words;
}

/** A dictionary as a file: `{ "parrotfish": 1, "dictionary": { "brb": "be right back" } }`. */
export const dictionaryFile = {
  check,
  write: (words: Words) => write({ parrotfish: FORMAT, dictionary: Object.fromEntries(words) }),

  /** Also takes the bare words. Throws a UserError unless all of it can be used. */
  read(bytes: Buffer): Words {
    const file = json(bytes);
    checkFormat(file);
    return wordsOf('dictionary' in file ? file['dictionary'] : file);
  },
};

/** A server's settings as a file: every setting by its name, and the dictionary beside them. */
export const settingsFile = {
  write: ({ settings, words }: Pick<ServerRecord, 'settings' | 'words'>) =>
    write({ parrotfish: FORMAT, ...settings, dictionary: Object.fromEntries(words) }),

  /** What the file leaves out stays as it is. Throws a UserError, before anything is changed, unless all of it can be used. */
  read(
    bytes: Buffer,
    current: Pick<ServerRecord, 'settings' | 'words'>,
  ): { settings: ServerSettings; words: Words } {
    const file = json(bytes);
    checkFormat(file);
    const { parrotfish: _format, dictionary, ...given } = file;
    const { data, error } = serverSettings.partial().safeParse(given);
    if (!data) {
      const [issue] = error.issues;
      const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
      throw new UserError('file.wrong', { where: unknown ?? issue?.path.join('.') ?? '' });
    }
    const changes = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
    return {
      settings: { ...current.settings, ...(changes as Partial<ServerSettings>) },
      words: dictionary === undefined ? current.words : wordsOf(dictionary),
    };
  },
};

function checkFormat(file: Record<string, unknown>): void {
  const format = file['parrotfish'];
  if (typeof format === 'number' && format > FORMAT) throw new UserError('file.newer');
}
