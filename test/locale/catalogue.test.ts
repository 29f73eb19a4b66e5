import { readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import { commands } from '../../commands/index.ts';
import { whyWords } from '../../src/discord/chat/why-answers.ts';
import { type MessageKey, translator, UI_LANGUAGES } from '../../src/locale/catalogue.ts';
import { REASONS } from '../../src/speech/reasons.ts';

type Catalogue = Readonly<Record<string, string>>;

function catalogueOf(language: string): Catalogue {
  const file = new URL(`../../src/locale/${language}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Catalogue;
}

const english = catalogueOf('en');
const keys = Object.keys(english);

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** Plain text, or the number of a plural. */
function isText(element: Element): element is Extract<Element, { type: 0 | 7 }> {
  return [0, 7].includes(element.type);
}

/** The placeholders of a text, within plurals too. */
function placeholders(text: string): string[] {
  const names = new Set<string>();
  const visit = (elements: readonly Element[]) => {
    for (const element of elements) {
      if (!isText(element)) names.add(element.value);
      if ('options' in element) for (const option of Object.values(element.options)) visit(option.value);
    }
  };
  visit(new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst());
  return [...names].sort();
}

/** The commands that a text tells people to use, such as `/voice set`. */
function commandsIn(text = ''): string[] {
  return [...new Set(Array.from(text.matchAll(/`(\/[a-z]+(?: [a-z]+)?)/g), ([, name = '']) => name))].sort();
}

/** Texts that are the same in a language as in English, by right: names, and what is made of placeholders alone. */
const INTERNATIONAL = /^[\W\d]*$|^(\{\w+\}\W*)+$|^[^a-z]*$/;

describe.each(UI_LANGUAGES.filter(language => language !== 'en'))('%s', language => {
  const catalogue = catalogueOf(language);

  test('has the keys of the English one, in its order', () => {
    expect(Object.keys(catalogue)).toEqual(keys);
  });

  test.each(keys)('%s has the placeholders of the English text', key => {
    expect(placeholders(catalogue[key] ?? '')).toEqual(placeholders(english[key] ?? ''));
  });

  test('names the commands that the English texts name', () => {
    for (const key of keys)
      expect([key, ...commandsIn(catalogue[key])]).toEqual([key, ...commandsIn(english[key])]);
  });

  test('is a translation', () => {
    const same = keys.filter(
      key => catalogue[key] === english[key] && !INTERNATIONAL.test(english[key] ?? ''),
    );
    expect(same.length, same.join()).toBeLessThan(12); // "Parrotfish", "Emoji", "Fish Audio: …"
  });
});

describe.each(UI_LANGUAGES)('Discord takes it in %s', language => {
  const catalogue = catalogueOf(language);

  test('descriptions and names', () => {
    for (const key of keys) {
      const { length } = Array.from(catalogue[key] ?? '');
      expect(length, key).toBeGreaterThan(0);
      if (key.startsWith('command.')) expect(length, key).toBeLessThanOrEqual(100);
      if (key.startsWith('menu.')) expect(length, key).toBeLessThanOrEqual(32);
    }
  });
});

test('every command, subcommand and option is described; with the longest translations it fits Discord', () => {
  const described = new Set<string>();
  const visit = (parts: readonly object[], parent: string) => {
    for (const part of parts) {
      const { name, options = [] } = part as { name: string; options?: readonly object[] };
      const key = `${parent}.${name}`;
      described.add(key);
      expect(english[key], key).toBeTruthy();
      visit(options, key);
    }
  };
  for (const { data } of commands) {
    if (!('description' in data)) continue;
    visit([data], 'command');
    expect(lengthOf(data), data.name).toBeLessThanOrEqual(8_000);
  }
  expect(keys.filter(key => key.startsWith('command.') && !described.has(key))).toEqual([]);
});

/** Characters of a command as Discord counts them: of each text its longest localisation. */
function lengthOf(data: object): number {
  const {
    name = '',
    description = '',
    description_localizations = {},
    options = [],
    choices = [],
  } = data as {
    name?: string;
    description?: string;
    description_localizations?: Record<string, string>;
    options?: object[];
    choices?: object[];
  };
  const longest = Math.max(
    ...[description, ...Object.values(description_localizations)].map(text => text.length),
  );
  return [...options, ...choices].reduce((sum: number, part) => sum + lengthOf(part), name.length + longest);
}

test('in French, a sign of two parts stays on the line of its word, also between a setting and its value', () => {
  const french = translator('fr');
  for (const key of keys) {
    const params = Object.fromEntries(placeholders(english[key] ?? '').map(name => [name, 2]));
    const text = french(key as MessageKey, params).replaceAll(/`[^`]*`/g, '');
    expect(text, key).not.toMatch(/ [:;?!»]|« /);
  }
  expect(french('named', { name: 'Vitesse', value: '1×' })).toBe('Vitesse\u00a0: 1×');
  expect(translator('zh-CN')('named', { name: '语速', value: '1×' })).toBe('语速：1×');
});

test('every reason has its text', () => {
  for (const reason of [...REASONS, 'read', 'waiting', 'unknown', 'absent', 'mine'] as const) {
    for (const own of [true, false]) {
      const { key, params } = whyWords({ fate: reason, own, detail: 'x' });
      expect(translator('en')(key, params), reason).toBeTruthy();
    }
  }
});

test('texts are filled in and plural in their language', () => {
  expect(translator('en-GB')('queue.more', { count: 3 })).toContain('3');
  expect(translator('pt-BR')('skip.done')).not.toBe(translator('en-US')('skip.done'));
  expect(translator('xx')('skip.done')).toBe('Skipped.');
  for (const language of UI_LANGUAGES)
    for (const key of keys) {
      const params = Object.fromEntries(placeholders(english[key] ?? '').map(name => [name, 2]));
      expect(() => translator(language)(key as MessageKey, params), `${language} ${key}`).not.toThrow();
    }
});
