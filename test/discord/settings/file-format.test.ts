import { describe, expect, test } from 'vitest';
import { dictionaryFile, settingsFile } from '../../../src/discord/settings/file-format.ts';
import { MAX_FILE_BYTES } from '../../../src/discord/settings/json-file.ts';
import { UserError } from '../../../src/errors.ts';
import { type GuildSettings, guildDefaults } from '../../../src/settings/guild.ts';

const CURRENT = { settings: guildDefaults, words: new Map([['brb', 'be right back']]) };

/** The key of what people are told; null where the file is taken. */
function told(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof UserError) return error.key;
    throw error;
  }
}

function toldOf(content: string | object): string | null {
  const bytes = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  return told(() => settingsFile.read(bytes, CURRENT));
}

const list = (count: number, item: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => item(n)).join(',');

/** Files that would keep a naive reader busy, or that mean more than they say. */
const HOSTILE: readonly (readonly [string, string, string])[] = [
  ['90,000 names', `{${list(90_000, n => `"k${n}":1`)}}`, 'attachment.too-large'],
  ['as many names as fit', `{${list(9_000, n => `"k${n}":1`)}}`, 'file.too-much'],
  ['numbers without end', `{"a":[${list(60_000, () => '1')}]}`, 'file.too-much'],
  ['many channels', `{"channels":[${list(1_900, () => '{}')}]}`, 'file.wrong'],
  ['many voices of bots', `{"botVoices":{${list(3_900, n => `"${n}":"x"`)}}}`, 'file.wrong'],
  ['many languages', `{"voices":{${list(3_900, n => `"x${n}":"x"`)}}}`, 'file.wrong'],
  ['no language', '{"voices":{"japanese":"x"}}', 'file.wrong'],
  ['many names that are nothing', `{${list(3_900, n => `"k${n}":1`)}}`, 'file.wrong'],
  ['a list that is a little too deep', `{"a":${'['.repeat(8)}${']'.repeat(8)}}`, 'file.too-much'],
  ['a deep list', `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'file.too-much'],
  ['a deep object', `{"a":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`, 'file.too-much'],
  ['one long name', `{"${'k'.repeat(130_000)}":1}`, 'file.wrong'],
  ['one long text', `{"skipPrefix":"${'x'.repeat(130_000)}"}`, 'file.too-many'],
  ['signs within a text', `{"skipPrefix":"${'[{,'.repeat(40_000)}"}`, 'file.too-many'],
  ['marks of texts', `{"skipPrefix":"${'\\"'.repeat(60_000)}"}`, 'file.too-many'],
  ['a number of 100,000 digits', `{"speed":${'9'.repeat(100_000)}}`, 'file.range'],
  ['a prototype', '{"__proto__":{"speed":1.5}}', 'file.wrong'],
  ['a constructor', '{"constructor":{"prototype":{"speed":1.5}}}', 'file.wrong'],
  [
    'a prototype of a channel',
    '{"channels":[{"id":"123456789012345678","__proto__":{"bots":true}}]}',
    'file.wrong',
  ],
  ['a list', '[{"speed":1.5}]', 'file.a-list'],
  ['no text at all', '\0'.repeat(1_000), 'file.not-json'],
  ['a text that does not end', `{"speed":"${'x'.repeat(1_000)}`, 'file.not-json'],
  ['more closed than opened', '{}]]]]', 'file.not-json'],
  ['nothing', '', 'file.not-json'],
];

test.each(HOSTILE)('%s', (_what, content, key) => {
  expect(toldOf(content)).toBe(key);
  expect(told(() => dictionaryFile.read(Buffer.from(content)))).not.toBeNull();
  expect(Object.hasOwn(Object.prototype, 'speed')).toBe(false);
});

test('a file of 128 KiB is read, one byte more is not looked at', () => {
  const padded = (bytes: number) => '{"speed":1.5}'.padEnd(bytes, ' ');
  expect(toldOf(padded(MAX_FILE_BYTES))).toBeNull();
  expect(toldOf(padded(MAX_FILE_BYTES + 1))).toBe('attachment.too-large');
});

describe('the form that a file says it has', () => {
  test.each([
    [1, null],
    [2, 'file.newer'],
    [99, 'file.newer'],
    [0, 'file.wrong'],
    [-1, 'file.wrong'],
    [1.5, 'file.wrong'],
    ['1', 'file.wrong'],
    [true, 'file.wrong'],
    [null, 'file.wrong'],
    [[1], 'file.wrong'],
    [{}, 'file.wrong'],
  ])('%j', (parrotfish, key) => {
    expect(toldOf({ parrotfish, speed: 1.5 })).toBe(key);
    const words = Buffer.from(JSON.stringify({ parrotfish, dictionary: { a: 'b' } }));
    expect(told(() => dictionaryFile.read(words))).toBe(key);
  });

  test('a file made by hand need not say it, and in bare words it may be one of them', () => {
    expect(toldOf({ speed: 1.5 })).toBeNull();
    expect(dictionaryFile.read(Buffer.from('{"parrotfish":"a bot"}'))).toEqual(
      new Map([['parrotfish', 'a bot']]),
    );
  });
});

test('a voice for no bot’s id is none', () => {
  const { settings } = settingsFile.read(Buffer.from('{"botVoices":{"__proto__":"x"}}'), CURRENT);
  expect(settings.botVoices).toEqual({});
});

test('words may be called what they like', () => {
  const words = new Map(['__proto__', 'constructor', 'toString', 'dictionary'].map(word => [word, 'said']));
  expect(dictionaryFile.read(dictionaryFile.write(words))).toEqual(words);
  const file = settingsFile.write({ settings: guildDefaults, words });
  expect(settingsFile.read(file, CURRENT).words).toEqual(words);
});

test('where something is wrong is told in a few characters, without what could look otherwise than it is', () => {
  const name = `\`\`\`<@&1> ${'k'.repeat(1_000)}\n\u202e`;
  try {
    settingsFile.read(Buffer.from(JSON.stringify({ [name]: 1 })), CURRENT);
    expect.unreachable();
  } catch (error) {
    const { where } = (error as UserError).params as { where: string };
    expect(where.length).toBeLessThanOrEqual(100);
    expect(where).not.toMatch(/[`\n\u202e]/);
  }
});

test.each([
  ['line breaks', ['a\nb']],
  ['nothing', [' ']],
  ['too long a word', ['x'.repeat(65)]],
  ['too many words', Array.from({ length: 101 }, (_, n) => `w${n}`)],
  ['too much in all', Array.from({ length: 100 }, (_, n) => `${n}`.padEnd(30, 'x'))],
])('words that cannot be blocked: %s', (_what, blockedWords) => {
  expect(toldOf({ blockedWords })).toMatch(/^file\.(wrong|too-many)$/);
});

test('blocked words are kept without the spaces around them, each once', () => {
  const bytes = Buffer.from(JSON.stringify({ blockedWords: [' one ', 'one', 'two words'] }));
  expect(settingsFile.read(bytes, CURRENT).settings.blockedWords).toEqual(['one', 'two words']);
});

test('all that a server can set, and a full dictionary, fit into a file that can be taken back', () => {
  const id = (n: number) => String(10n ** 18n + BigInt(n));
  const voice = (n: number) => String(n).padEnd(64, 'v');
  const { channels: _channels, ...defaults } = guildDefaults;
  const whole = settingsFile.read(
    settingsFile.write({
      settings: {
        ...defaults,
        botVoices: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [id(n), voice(n)])),
        voices: Object.fromEntries(
          Array.from({ length: 30 }, (_, n) => [
            `${'abcdefghij'[n % 10]}${'abcde'[Math.floor(n / 10)]}`,
            voice(n),
          ]),
        ),
        newcomerVoices: Array.from({ length: 25 }, (_, n) => voice(n)),
        blockedWords: Array.from({ length: 100 }, (_, n) => String(n).padEnd(19, 'あ')),
        channels: Array.from({ length: 50 }, (_, n) => ({
          id: id(n),
          addedBy: 'admin' as const,
          voice: voice(n),
          speed: 0.1234567891234567,
          volume: -1.123456789123456,
          latency: 'balanced' as const,
          temperature: 0.1234567891234567,
          announce: 'always' as const,
          requireVoice: false,
          whose: 'everyone' as const,
          role: id(n),
          notRole: id(n),
          threads: false,
          bots: false,
          skipPrefix: '\u{1f600}'.repeat(20),
          emoji: 'name' as const,
          links: 'site' as const,
          tags: false,
          maxSeconds: 120,
          language: 'en-US',
        })).map(channel => ({ ...channel, speed: 0.5 + channel.speed })),
      } satisfies GuildSettings,
      words: new Map(),
    }),
    CURRENT,
  ).settings;
  const words = new Map<string, string>();
  try {
    for (let n = 0; ; n += 1) {
      words.set(`${n} ${'あ'.repeat(20)}`, '"'.repeat(20));
      dictionaryFile.check(words);
    }
  } catch (error) {
    expect((error as UserError).key).toMatch(/^dictionary\.(full|too-large)$/);
    words.delete([...words.keys()].at(-1) ?? '');
  }
  const file = settingsFile.write({ settings: whole, words });
  expect(file.length).toBeLessThanOrEqual(MAX_FILE_BYTES);
  expect(settingsFile.read(file, CURRENT)).toEqual({ settings: whole, words });
});

test.each([
  [{ speed: 7 }, 'speed', '`7`', 0.5, 2],
  [{ speed: 'fast' }, 'speed', '`"fast"`', 0.5, 2],
  [{ maxSeconds: 2 }, 'maxSeconds', '`2`', 3, 120],
  [{ bounds: { speed: [0.5, 9], volume: [0, 0], temperature: [0, 1] } }, 'bounds.speed.1', '`9`', 0.5, 2],
  [{ channels: [{ id: '123456789012345678', volume: -99 }] }, 'channels.0.volume', '`-99`', -20, 20],
])('a number out of its range is told with the range: %j', (file, where, given, low, high) => {
  expect(paramsOf(file)).toEqual({ where, given, low, high });
});

test.each([
  [{ announce: 'sometimes' }, '`"sometimes"`', 'auto, always, never'],
  [{ bots: 'yes' }, '`"yes"`', 'true, false'],
])('a value that is none of a few is told with these: %j', (file, given, values) => {
  expect(paramsOf(file)).toMatchObject({ given, values });
});

/** What is put into the text that people are told. */
function paramsOf(file: object): unknown {
  try {
    settingsFile.read(Buffer.from(JSON.stringify(file)), CURRENT);
  } catch (error) {
    if (error instanceof UserError) return error.params;
    throw error;
  }
  return null;
}
