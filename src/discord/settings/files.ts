import { UserError } from '../../errors.ts';
import { MAX_SETTING_ENTRIES, type GuildSettings, guildSettings } from '../../settings.ts';
import type { GuildRecord } from '../../store/store.ts';
import { checkEntry, MAX_ENTRIES } from '../../text/dictionary.ts';
import { readJsonFile } from './json-file.ts';

/** The form of the files; a later one that reads otherwise would count on. */
const FORMAT = 1;
/** A dictionary as a file, so that it fits into one of `MAX_FILE_BYTES` beside all other settings. */
const MAX_WORDS_BYTES = 80 * 1_024;
/** Where something is wrong is told in so many characters. */
const MAX_WHERE = 100;

type Words = ReadonlyMap<string, string>;
type File = Readonly<Record<string, unknown>>;

const write = (value: object) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

/** Tells what in a file cannot be used: a name that stands in it, which may be anything. */
function wrong(where: string): UserError {
  const shown = where.replace(/[`\p{C}\s]+/gu, ' ').slice(0, MAX_WHERE);
  return new UserError('file.wrong', { where: shown });
}

/** Throws a UserError that names the first entry which cannot stand in a dictionary. */
function check(words: Words): void {
  if (words.size > MAX_ENTRIES) throw new UserError('dictionary.full', { limit: MAX_ENTRIES });
  for (const [word, say] of words) {
    const problem = checkEntry(word, say);
    if (problem) throw new UserError(`dictionary.${problem}`);
  }
  if (write({ dictionary: Object.fromEntries(words) }).length > MAX_WORDS_BYTES)
    throw new UserError('dictionary.too-large', { kilobytes: MAX_WORDS_BYTES / 1_024 });
}

function wordsOf(value: unknown): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('dictionary');
  const words = new Map<string, string>();
  for (const [word, say] of Object.entries(value)) {
    if (typeof say !== 'string') throw wrong(`dictionary.${word}`);
    words.set(word.trim(), say.trim());
  }
  check(words);
  return words;
}

/**
 * Throws a UserError for a name that is no setting's, and for more entries than any setting takes. The schema would find
 * these too, but it tells of every single one, which takes a hundred milliseconds in a file made for that.
 */
function checkSize(given: File): void {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(guildSettings.shape, name)) throw wrong(name);
    for (const part of [value, ...entriesOf(value).slice(0, MAX_SETTING_ENTRIES)])
      if (entriesOf(part).length > MAX_SETTING_ENTRIES) throw wrong(name);
  }
}

function entriesOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

/** Throws a UserError where a file says that it has another form than ours; one made by hand need not say which. */
function checkFormat(file: File): void {
  const format = file['parrotfish'];
  if (format === undefined || format === FORMAT) return;
  if (typeof format === 'number' && Number.isInteger(format) && format > FORMAT)
    throw new UserError('file.newer');
  throw wrong('parrotfish');
}

/** A dictionary as a file: `{ "parrotfish": 1, "dictionary": { "brb": "be right back" } }`. */
export const dictionaryFile = {
  check,
  write: (words: Words) => write({ parrotfish: FORMAT, dictionary: Object.fromEntries(words) }),

  /** Also takes the bare words. Throws a UserError unless all of it can be used. */
  read(bytes: Buffer): Words {
    const file = readJsonFile(bytes);
    const isBare = !Object.hasOwn(file, 'dictionary');
    // Among bare words "parrotfish" may be one of them.
    if (isBare && typeof file['parrotfish'] === 'string') return wordsOf(file);
    checkFormat(file);
    return wordsOf(isBare ? file : file['dictionary']);
  },
};

/** A server's settings as a file: every setting by its name, and the dictionary beside them. */
export const settingsFile = {
  write: ({ settings, words }: Pick<GuildRecord, 'settings' | 'words'>) =>
    write({ parrotfish: FORMAT, ...settings, dictionary: Object.fromEntries(words) }),

  /** What the file leaves out stays as it is. Throws a UserError, before anything is changed, unless all of it can be used. */
  read(
    bytes: Buffer,
    current: Pick<GuildRecord, 'settings' | 'words'>,
  ): { settings: GuildSettings; words: Words } {
    const file = readJsonFile(bytes);
    checkFormat(file);
    const { parrotfish: _format, dictionary, ...given } = file;
    checkSize(given);
    const { data, error } = guildSettings.partial().safeParse(given);
    if (!data) {
      const [issue] = error.issues;
      const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
      throw wrong(unknown ?? issue?.path.join('.') ?? '');
    }
    const changes = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
    return {
      settings: { ...current.settings, ...(changes as Partial<GuildSettings>) },
      words: dictionary === undefined ? current.words : wordsOf(dictionary),
    };
  },
};
