import { readFileSync } from 'node:fs';
import { ApplicationCommandOptionType } from 'discord.js';
import { expect, test } from 'vitest';
import { commands } from '../commands/index.ts';
import { CONTROLS } from '../src/discord/panel/pages.ts';
import { guildDefaults, guildSettings } from '../src/settings/guild.ts';
import { variables } from '../src/variables.ts';

const README = readFileSync(`${import.meta.dirname}/../README.md`, 'utf8');

/** The words in code style of the first column of the table that follows a heading. */
function named(heading: string): string[] {
  const table = README.slice(README.indexOf(`\n## ${heading}\n`)).split('\n## ')[1] ?? '';
  const rows = table.split('\n').filter(line => line.startsWith('| `') || line.startsWith('| *'));
  return rows.flatMap(row =>
    Array.from(row.split(' | ')[0]!.matchAll(/`([^`]+)`/g), ([, name = '']) => name),
  );
}

test('each setting is in the panel and in the README, and nothing else is', () => {
  const settings = Object.keys(guildSettings.shape).toSorted();
  expect(Object.keys(guildDefaults).toSorted()).toEqual(settings);
  expect([...new Set(CONTROLS.map(({ setting }) => setting))].toSorted()).toEqual(settings);
  expect(named('What a server can set').toSorted()).toEqual(settings);
});

test('each variable is in the README, and nothing else is', () => {
  expect(named('What the operator can set').toSorted()).toEqual(Object.keys(variables.shape).toSorted());
});

test('each command and each part of one is in the README', () => {
  const told = named('Commands').join(' ');
  for (const { data } of commands) {
    if (!('description' in data)) {
      expect(README).toContain(data.name);
      continue;
    }
    expect(told).toContain(`/${data.name}`);
    const options = 'options' in data ? (data.options ?? []) : [];
    for (const { type, name } of options)
      if (type === ApplicationCommandOptionType.Subcommand) expect(told).toMatch(new RegExp(`\\b${name}\\b`));
  }
});
