import { describe, expect, test } from 'vitest';
import { commands } from '../../../commands/index.ts';
import { helpView } from '../../../src/discord/help/help-view.ts';
import { type CallerRights, isOffered } from '../../../src/discord/help/offered.ts';
import { entriesIn, entriesOf, HELP_TOPICS, topicOf } from '../../../src/discord/help/topics.ts';
import { CommandIds } from '../../../src/discord/interaction/command-ids.ts';
import { UserError } from '../../../src/errors.ts';
import { type MessageKey, translator, UI_LANGUAGES } from '../../../src/locale/catalogue.ts';
import { guildDefaults } from '../../../src/settings/guild.ts';
import { visibleText } from '../../sandbox/discord/component.ts';
import { checkComponents } from '../../sandbox/discord/component-rules.ts';

const entries = entriesOf(commands);
const ids = new CommandIds();
// The longest ids that Discord can give.
ids.learn(
  commands.map(({ data: { name, type = 1 } }, index) => ({
    name,
    type,
    id: String(2n ** 64n - BigInt(index + 1)),
  })),
);

const refuse = () => {
  throw new UserError('admins-only');
};
const member: CallerRights = {
  has: () => false,
  isManager: false,
  hasRole: () => false,
  hasClone: false,
  settings: guildDefaults,
  checkMayTeach: refuse,
  checkMayReplaceWords: refuse,
};
const manager: CallerRights = {
  ...member,
  has: () => true,
  isManager: true,
  settings: { ...guildDefaults, ask: true, clone: true, follow: true },
  checkMayTeach: () => {},
  checkMayReplaceWords: () => {},
};
const namesFor = (rights: CallerRights) =>
  entries.filter(entry => isOffered(entry, rights)).map(({ name }) => name);
const textOf = (page: Parameters<typeof helpView>[0]['page'], language = 'en', shown = entries) =>
  visibleText({ components: helpView({ page, entries: shown, ids, t: translator(language) }) });

test('each command, subcommand and menu entry has one topic, and is not left over for the last one', () => {
  const placed = HELP_TOPICS.flatMap(topic => entriesIn(topic, entries).map(({ name }) => name));
  expect(placed.toSorted()).toEqual(entries.map(({ name }) => name).toSorted());
  const leftOver = entries.filter(({ name }) => topicOf(name) === 'more').map(({ name }) => name);
  expect(leftOver).toEqual(['status', 'privacy export', 'privacy delete', 'help']);
});

test('a member sees what they may use, a manager all of it', () => {
  expect(namesFor(manager)).toEqual(entries.map(({ name }) => name));
  const hidden = [
    'settings panel',
    'voice server',
    'voice clone',
    'voice forget',
    'ask',
    'dictionary add',
    'dictionary import',
  ];
  for (const name of hidden) expect(namesFor(member), name).not.toContain(name);
  for (const name of ['say', 'join', 'voice set', 'dictionary list', 'privacy delete', 'Read aloud'])
    expect(namesFor(member), name).toContain(name);
});

test('what settings give to some is shown to them', () => {
  const asking = { ...member, settings: { ...guildDefaults, ask: true, askRole: '5' } };
  expect(namesFor(asking)).not.toContain('ask');
  expect(namesFor({ ...asking, hasRole: id => id === '5' })).toContain('ask');
  expect(namesFor({ ...member, hasClone: true })).toContain('voice forget');
  expect(namesFor({ ...member, checkMayTeach: () => {} })).toContain('dictionary add');
});

test('a topic tells what each command does, clickable, with examples', () => {
  expect(textOf('talking').split('\n').slice(0, 3)).toEqual([
    '## Speaking',
    `${ids.mention('say')} Say something in your voice channel`,
    '-# For example `/say text: Back in five minutes`',
  ]);
  expect(ids.mention('voice set')).toMatch(/^<\/voice set:\d+>$/);
  expect(new CommandIds().mention('voice set')).toBe('`/voice set`');
  expect(textOf('talking')).toContain('**Read aloud** (in the menu');
});

test('a topic in which somebody may use nothing is not there', () => {
  const shown = entries.filter(({ name }) => topicOf(name) !== 'managing');
  const [container] = helpView({ page: 'managing', entries: shown, ids, t: translator('en') });
  expect(JSON.stringify(container)).not.toContain('"managing"');
  expect(textOf('managing', 'en', shown)).toBe(textOf('start', 'en', shown));
});

describe.each(UI_LANGUAGES)('in %s', language => {
  test.each(['start', ...HELP_TOPICS] as const)('Discord takes all that can be shown: %s', page => {
    const view = helpView({ page, entries, ids, t: translator(language) });
    checkComponents(view, { v2: true, fileNames: [], path: [] });
  });

  test('the examples are commands with options that they have', () => {
    const known = new Map(entries.map(({ name }) => [name, optionsOf(name)]));
    for (const { name } of entries) {
      const key = `help.example.${name.replaceAll(' ', '.')}` as MessageKey;
      let example: string;
      try {
        example = translator(language)(key);
      } catch {
        continue; // it has none
      }
      expect(example.startsWith(`/${name} `), example).toBe(true);
      for (const [, option] of example.matchAll(/ (\w+): /g))
        expect(known.get(name), example).toContain(option);
    }
  });
});

/** The names of the options of a command or subcommand. */
function optionsOf(name: string): readonly string[] {
  const [top, sub] = name.split(' ');
  const data = commands.find(command => command.data.name === top)?.data as
    | { options?: readonly { name: string; options?: readonly { name: string }[] }[] }
    | undefined;
  const options = sub ? data?.options?.find(one => one.name === sub)?.options : data?.options;
  return (options ?? []).map(option => option.name);
}
