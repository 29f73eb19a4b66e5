import { dictionaryFile, settingsFile } from '../../src/discord/settings/file-format.ts';
import { UserError } from '../../src/errors.ts';
import { guildDefaults, guildSettings } from '../../src/settings/guild.ts';
import { checkEntry, MAX_ENTRIES } from '../../src/text/dictionary.ts';
import { concat } from '../audio/pages.ts';
import type { Random } from '../support/random.ts';
import { type FuzzTarget, holds } from './target.ts';

/** A piece of a file's bytes. */
type Piece = Uint8Array;

const CURRENT = {
  settings: deepFrozen({
    ...guildDefaults,
    channels: [{ id: '100000000000000001', addedBy: 'join' as const }],
    voice: 'before',
  }),
  words: new Map([['brb', 'be right back']]),
};
const BEFORE = JSON.stringify(CURRENT.settings);
const NAMES = [
  ...Object.keys(guildDefaults),
  'dictionary',
  'parrotfish',
  '__proto__',
  'constructor',
  'toString',
  'x',
];
const SCALARS = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  30,
  1e308,
  '',
  'auto',
  'skip',
  'de',
  'a'.repeat(300),
  '123456789012345678',
  '</script>',
  '<|speaker:1|>',
  '\u0000',
  '\ud800',
];
const WORDS = [
  'brb',
  ' brb ',
  'a b',
  '',
  ' ',
  '\u200b',
  'x'.repeat(65),
  '__proto__',
  '🐟',
  '<|',
  'İ',
  '\ufeff',
];
/** Written so, and not by an object, since JSON has more than objects can hold: `__proto__`, and names twice. */
const SYNTAX = ['{', '}', '[', ']', ',', ':', '"', '\\', '\\u', 'null', '1e999', '-0', '//', '\n', '\ufeff'];

const utf8 = (text: string): Piece => new TextEncoder().encode(text);

/** The files of `/settings import` and `/dictionary import`. */
export const importTarget: FuzzTarget<Piece> = {
  name: 'import',
  make(random) {
    const kind = random.weighted({ right: 2, odd: 6, syntax: 2, damaged: 2, noise: 1, deep: 0.1 });
    if (kind === 'noise') return [...random.bytes(random.whole(0, 40))].map(byte => Uint8Array.of(byte));
    if (kind === 'syntax') return random.list(random.whole(1, 15), () => utf8(random.pick(SYNTAX)));
    if (kind === 'deep') return random.list(random.whole(10, 2_000), () => utf8(random.pick(['[', '{"a":'])));
    const members = random.list(random.whole(0, 6), () =>
      kind === 'odd' && random.chance(0.4) ? oddMember(random) : rightMember(random),
    );
    const bytes = utf8(`{${members.join(',')}}`);
    if (kind !== 'damaged') return [bytes];
    const damaged: Piece[] = [...bytes].map(byte => Uint8Array.of(byte));
    const at = random.whole(0, damaged.length - 1);
    damaged[at] = random.chance(0.5) ? Uint8Array.of(random.whole(0, 255)) : utf8(random.pick(SYNTAX));
    return damaged;
  },

  check(parts) {
    const bytes = Buffer.from(concat(parts));
    const all = taken(() => settingsFile.read(bytes, CURRENT));
    if (all) {
      const again = guildSettings.safeParse(all.settings);
      holds(again.success, 'what is taken is in order');
      checkWords(all.words);
      const file = settingsFile.write(all);
      holds(
        file.equals(settingsFile.write(settingsFile.read(file, CURRENT))),
        'out and in again is the same',
      );
    }
    const words = taken(() => dictionaryFile.read(bytes));
    if (words) {
      checkWords(words);
      const file = dictionaryFile.write(words);
      holds(file.equals(dictionaryFile.write(dictionaryFile.read(file))), 'out and in again is the same');
    }
    holds(
      JSON.stringify(CURRENT.settings) === BEFORE && CURRENT.words.size === 1,
      'what was there is as it was',
    );
    holds(!('polluted' in {}) && Object.keys(Object.prototype).length === 0, 'no prototype is changed');
  },

  show: parts => JSON.stringify(Buffer.from(concat(parts)).toString('latin1')),
};

/** What a file gives; undefined where it is refused in words that people may see. */
function taken<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function checkWords(words: ReadonlyMap<string, string>): void {
  holds(words.size <= MAX_ENTRIES, 'no more words than there may be');
  for (const [word, say] of words) holds(checkEntry(word, say) === null, 'each word is in order');
}

function rightMember(random: Random): string {
  if (random.chance(0.3)) return `"dictionary":${dictionaryText(random)}`;
  const name = random.pick(Object.keys(guildDefaults)) as keyof typeof guildDefaults;
  return `${JSON.stringify(name)}:${JSON.stringify(guildDefaults[name])}`;
}

function oddMember(random: Random): string {
  const name = random.chance(0.05) ? 'polluted' : random.pick(NAMES);
  return `${JSON.stringify(name)}:${valueText(random, 3)}`;
}

function valueText(random: Random, depth: number): string {
  const kind = random.weighted({ scalar: 4, list: depth, map: depth, words: 0.5 });
  if (kind === 'words') return dictionaryText(random);
  if (kind === 'scalar') return JSON.stringify(random.pick(SCALARS));
  const inner = random.list(random.whole(0, 4), () => valueText(random, depth - 1));
  if (kind === 'list') return `[${inner.join(',')}]`;
  return `{${inner.map(value => `${JSON.stringify(random.pick([...NAMES, 'id', 'polluted']))}:${value}`).join(',')}}`;
}

function dictionaryText(random: Random): string {
  const length = random.chance(0.002) ? random.whole(MAX_ENTRIES - 1, MAX_ENTRIES + 1) : random.whole(0, 4);
  const entries = random.list(length, index => {
    const word =
      length > 4 ? `word ${index}` : random.pick(random.chance(0.7) ? ['brb', 'a b', '🐟'] : WORDS);
    const say = random.chance(0.9)
      ? JSON.stringify(random.pick(WORDS))
      : JSON.stringify(random.pick(SCALARS));
    return `${JSON.stringify(word)}:${say}`;
  });
  return `{${entries.join(',')}}`;
}

function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) deepFrozen(inner);
  return Object.freeze(value);
}
