import { UserError } from '../../errors.ts';
import { type GuildSettings, guildSettings, MAX_SETTING_ENTRIES } from '../../settings/guild.ts';
import type { GuildRecord } from '../../store/store.ts';
import { checkEntry, MAX_ENTRIES } from '../../text/dictionary.ts';
import { cleaned, wrongAt, wrongValue } from './file-errors.ts';
import { readJsonFile } from './json-file.ts';

// The format of the JSON files by which a guild's settings and its dictionary are exported and imported: here they are
// written, and everything in them is checked when they are read. `json-file.ts` parses the JSON, `file-errors.ts` tells
// people what is wrong, and `settings-files.ts` carries out the commands.

/** The version of the files' format. A format that older versions of the bot cannot read would get the next number. */
const FORMAT = 1;
/** The most bytes of a dictionary in a file, so that it fits into `MAX_FILE_BYTES` together with all settings. */
const MAX_WORDS_BYTES = 80 * 1_024;
/** What a file of words, and one of settings, looks like; people whose file looks otherwise are shown it. */
const WORDS_EXAMPLE = '{ "brb": "be right back" }';
const SETTINGS_EXAMPLE = '{ "speed": 1.2 }';

type Words = ReadonlyMap<string, string>;
type File = Readonly<Record<string, unknown>>;

const write = (value: object) => Buffer.from(`${JSON.stringify(value, null, '\t')}\n`);

/**
 * Throws a UserError when the words cannot be a dictionary: too many, too large together, or an entry that is not
 * possible.
 */
function check(words: Words): void {
  if (words.size > MAX_ENTRIES) throw new UserError('dictionary.full', { limit: MAX_ENTRIES });
  for (const [word, say] of words) {
    const problem = checkEntry(word, say);
    if (problem) throw new UserError(`dictionary.${problem}`);
  }
  if (write({ dictionary: Object.fromEntries(words) }).length > MAX_WORDS_BYTES)
    throw new UserError('dictionary.too-large', { kilobytes: MAX_WORDS_BYTES / 1_024 });
}

/** Reads the words of a dictionary from a value of a file. Throws a UserError unless all of it can be used. */
function wordsOf(value: unknown): Map<string, string> {
  if (Array.isArray(value)) throw new UserError('file.a-list', { example: WORDS_EXAMPLE });
  if (typeof value !== 'object' || value === null) throw wrongAt('dictionary');
  const words = new Map<string, string>();
  for (const [word, say] of Object.entries(value)) {
    if (typeof say !== 'string')
      throw new UserError('file.word-no-text', {
        where: cleaned(`dictionary.${word}`),
        example: WORDS_EXAMPLE,
      });
    words.set(word.trim(), say.trim());
  }
  check(words);
  return words;
}

/**
 * Throws a UserError for a name that no setting has, and for a value with more entries than any setting takes. The
 * schema would find these too, but it reports every single one, which can take 100 ms for a file that somebody made
 * for that.
 */
function checkSize(given: File): void {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(guildSettings.shape, name)) throw wrongAt(name);
    for (const part of [value, ...entriesOf(value).slice(0, MAX_SETTING_ENTRIES)])
      if (entriesOf(part).length > MAX_SETTING_ENTRIES) throw wrongAt(name);
  }
}

function entriesOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

/** Throws a UserError when a file names a format that is not ours. A file made by hand need not name a format. */
function checkFormat(file: File): void {
  const format = file['parrotfish'];
  if (format === undefined || format === FORMAT) return;
  if (typeof format === 'number' && Number.isInteger(format) && format > FORMAT)
    throw new UserError('file.newer');
  throw wrongAt('parrotfish');
}

/**
 * Writes and reads a dictionary as a JSON file, such as `{ "parrotfish": 1, "dictionary": { "brb": "be right back" }
 * }`.
 */
export const dictionaryFile = {
  check,
  write: (words: Words) => write({ parrotfish: FORMAT, dictionary: Object.fromEntries(words) }),

  /**
   * Reads a file, which may also hold only the words, without a format. Throws a UserError unless all of it can be
   * used.
   */
  read(bytes: Buffer): Words {
    const file = readJsonFile(bytes, WORDS_EXAMPLE);
    const isBare = !Object.hasOwn(file, 'dictionary');
    // In a file of words alone, "parrotfish" can be one of the words, and is then no number of a format.
    if (isBare && typeof file['parrotfish'] === 'string') return wordsOf(file);
    checkFormat(file);
    return wordsOf(isBare ? file : file['dictionary']);
  },
};

/** Writes and reads a guild's settings as a JSON file, which has every setting by its name, and the dictionary. */
export const settingsFile = {
  write: ({ settings, words }: Pick<GuildRecord, 'settings' | 'words'>) =>
    write({ parrotfish: FORMAT, ...settings, dictionary: Object.fromEntries(words) }),

  /**
   * Reads a file and returns the settings and the dictionary that result from it. What the file leaves out is taken
   * from `current`. Throws a UserError unless all of it can be used.
   */
  read(
    bytes: Buffer,
    current: Pick<GuildRecord, 'settings' | 'words'>,
  ): { settings: GuildSettings; words: Words } {
    const file = readJsonFile(bytes, SETTINGS_EXAMPLE);
    checkFormat(file);
    const { parrotfish: _format, dictionary, ...given } = file;
    checkSize(given);
    const { data, error } = guildSettings.partial().safeParse(given);
    if (!data) throw wrongValue(error.issues[0], given);
    const changes = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
    return {
      settings: { ...current.settings, ...(changes as Partial<GuildSettings>) },
      words: dictionary === undefined ? current.words : wordsOf(dictionary),
    };
  },
};
