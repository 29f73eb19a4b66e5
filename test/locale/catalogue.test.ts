import { readFileSync } from 'node:fs';
import { type APIMessageTopLevelComponent, ComponentType } from 'discord.js';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import { commands } from '../../commands/index.ts';
import { formOf } from '../../src/discord/panel/form.ts';
import { panelView } from '../../src/discord/panel/view.ts';
import { CONTROLS, PAGES } from '../../src/discord/panel/controls.ts';
import { type MessageKey, translator, UI_LANGUAGES } from '../../src/locale/catalogue.ts';
import { guildDefaults, type GuildSettings } from '../../src/settings.ts';
import { whyWords } from '../../src/discord/chat/why-answers.ts';
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

/** Texts that are the same in a language as in English, by right: names, and what all of it is a placeholder. */
const INTERNATIONAL = /^[\W\d]*$|^\{\w+\}$|^[^a-z]*$/;

describe.each(UI_LANGUAGES.filter(language => language !== 'en'))('%s', language => {
  const catalogue = catalogueOf(language);

  test('has the keys of the English one, in its order', () => {
    expect(Object.keys(catalogue)).toEqual(keys);
  });

  test.each(keys)('%s has the placeholders of the English text', key => {
    expect(placeholders(catalogue[key] ?? '')).toEqual(placeholders(english[key] ?? ''));
  });

  test('is a translation', () => {
    const same = keys.filter(
      key => catalogue[key] === english[key] && !INTERNATIONAL.test(english[key] ?? ''),
    );
    expect(same.length, same.join()).toBeLessThan(12); // "Parrotfish", "Emoji", "Fish Audio: …"
  });
});

describe.each(UI_LANGUAGES)('Discord takes it in %s', language => {
  const t = translator(language);
  const catalogue = catalogueOf(language);

  test('descriptions and names', () => {
    for (const key of keys) {
      const { length } = Array.from(catalogue[key] ?? '');
      expect(length, key).toBeGreaterThan(0);
      if (key.startsWith('command.')) expect(length, key).toBeLessThanOrEqual(100);
      if (key.startsWith('menu.')) expect(length, key).toBeLessThanOrEqual(32);
    }
  });

  test.each(PAGES)('the panel, with all that can be set: %s', page => {
    const id = (n: number) => String(10n ** 18n + BigInt(n));
    const settings: GuildSettings = {
      ...guildDefaults,
      channels: Array.from({ length: 50 }, (_, n) => ({ id: id(n), addedBy: 'admin' })),
      voice: 'v'.repeat(64),
      role: id(1),
      priorityRole: id(2),
      notRole: id(3),
      skipPrefix: 'p'.repeat(40),
      blockedWords: Array.from({ length: 100 }, (_, n) => `${n}`.padEnd(64, 'w')),
      voices: Object.fromEntries(
        Array.from({ length: 50 }, (_, n) => [
          `a${'abcdefghij'[n % 10]}${'abcde'[Math.floor(n / 10)]}`,
          'v'.repeat(64),
        ]),
      ),
      newcomerVoices: Array.from({ length: 25 }, (_, n) => `${n}`.padEnd(64, 'v')),
      botVoices: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [id(n), 'v'.repeat(64)])),
    };
    for (const channelId of [undefined, id(0)]) {
      const view = panelView(settings, { page, channelId, nameOf: () => 'n'.repeat(100) }, t);
      const components = flat(view);
      expect(components.length).toBeLessThanOrEqual(40);
      const texts = components.map(part => ('content' in part ? String(part.content) : ''));
      expect(texts.join('').length).toBeLessThanOrEqual(4_000);
      for (const part of components) {
        if ('label' in part) expect(String(part.label).length).toBeLessThanOrEqual(80);
        if ('custom_id' in part) expect(String(part.custom_id).length).toBeLessThanOrEqual(100);
        for (const option of 'options' in part ? (part.options as { label: string }[]) : [])
          expect(option.label.length).toBeLessThanOrEqual(100);
      }
    }
    for (const control of CONTROLS) {
      const form = formOf(settings, control, undefined, t);
      expect(form.title.length).toBeLessThanOrEqual(45);
    }
  });
});

/** All components, those within others too. */
function flat(components: readonly object[]): readonly object[] {
  return components.flatMap(part => [
    part,
    ...flat('components' in part ? (part.components as APIMessageTopLevelComponent[]) : []),
    ...('accessory' in part ? [part.accessory as object] : []),
  ]);
}

test('the panel is one container of Components V2', () => {
  const [container] = panelView(
    guildDefaults,
    { page: 'overview', channelId: undefined, nameOf: id => id },
    translator('en'),
  );
  expect(container?.type).toBe(ComponentType.Container);
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

test('every reason has its text', () => {
  for (const reason of [...REASONS, 'read', 'waiting', 'unknown', 'absent'] as const) {
    const { key, params } = whyWords(reason);
    expect(translator('en')(key, params), reason).toBeTruthy();
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
