import { globSync, readFileSync } from 'node:fs';
import { ApplicationCommandOptionType } from 'discord.js';
import { expect, test } from 'vitest';
import { commands } from '../commands/index.ts';
import { loadConfig } from '../src/config.ts';
import { CONTROLS } from '../src/discord/panel/pages.ts';
import { guildDefaults, guildSettings } from '../src/settings/guild.ts';
import { variables } from '../src/variables.ts';
import { EVENING, EVENING_BYTES } from './golden/evening.ts';
import { GOOD } from './support/config.ts';

const ROOT = `${import.meta.dirname}/..`;
const page = (path: string) => readFileSync(`${ROOT}/${path}`, 'utf8');
const README = page('README.md');
const PACKAGE = JSON.parse(page('package.json')) as { readonly scripts: Readonly<Record<string, string>> };

/** What follows a heading, until the next one. */
function section(text: string, heading: string): string {
  const [, found] = text.split(`\n## ${heading}\n`);
  if (found === undefined) throw new Error(`there is no heading ${heading}`);
  return found.split('\n## ')[0] ?? '';
}

/** The words in code style of the first column of the table that follows a heading. */
function named(text: string, heading: string): string[] {
  const rows = section(text, heading)
    .split('\n')
    .filter(line => line.startsWith('| `') || line.startsWith('| *'));
  return rows.flatMap(row =>
    Array.from(row.split(' | ')[0]!.matchAll(/`([^`]+)`/g), ([, name = '']) => name),
  );
}

test('each setting is in the panel and in the README, and nothing else is', () => {
  const settings = Object.keys(guildSettings.shape).toSorted();
  expect(Object.keys(guildDefaults).toSorted()).toEqual(settings);
  expect([...new Set(CONTROLS.map(({ setting }) => setting))].toSorted()).toEqual(settings);
  expect(named(README, 'What a server can set').toSorted()).toEqual(settings);
});

test('each variable is in docs/operate/variables.md, and nothing else is', () => {
  const told = named(page('docs/operate/variables.md'), 'Variables');
  expect(told.toSorted()).toEqual(Object.keys(variables.shape).toSorted());
});

test('each command and each part of one is in the README', () => {
  const told = named(README, 'Commands').join(' ');
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

test('the README has the two commands that everything begins with, and each command of npm that pages name is there', () => {
  for (const command of ['npm ci && npm run sandbox', 'npm ci && npm test'])
    expect(README).toContain(command);
  const pages = globSync(['README.md', 'docs/**/*.md', '.github/*.md', 'test/**/README.md'], { cwd: ROOT });
  const named = pages.flatMap(path =>
    Array.from(page(path).matchAll(/\bnpm run (?:--silent )?([\w:]+)/g), ([, script = '']) => script),
  );
  expect(named.length).toBeGreaterThan(20);
  expect([...new Set(named)].filter(script => !(script in PACKAGE.scripts))).toEqual([]);
});

test('what the bot is, looks and sounds like, and how to try it, stands on one screen before what operators need', () => {
  const [newcomers = '', operators = ''] = README.split('\n## Run it for real\n');
  expect(operators).not.toBe('');
  expect(newcomers.split('\n').length).toBeLessThan(60);
  for (const shown of [
    'docs/pictures/page-light.png',
    'docs/pictures/hello.ogg',
    'npm run sandbox -- --page',
  ])
    expect(newcomers).toContain(shown);
});

test('what 1,000 lines cost is what the evening of the tests costs', () => {
  const lines = EVENING.flat().length;
  const { usdPerMillionBytes } = loadConfig(GOOD).budget;
  const usd = (EVENING_BYTES / lines) * 1000 * (usdPerMillionBytes / 1e6);
  const costs = section(README, 'What it costs').replaceAll(/\s+/g, ' ');
  expect(costs).toContain(`**1,000 lines ≈ $${usd.toFixed(2)}**`);
  expect(costs).toContain(`a line has ${Math.round(EVENING_BYTES / lines)} bytes`);
});

test('beside other readers: each cell of theirs has its source, and each of ours the test that shows it', () => {
  const text = section(README, 'Beside other readers');
  const [header = '', , ...rows] = text.split('\n').filter(line => line.startsWith('|'));
  const cells = (row: string) => row.split('|').slice(1, -1);
  expect(rows.length).toBeGreaterThan(5);
  for (const row of rows) {
    const [what, ours = '', ...theirs] = cells(row);
    expect(theirs.length, what).toBe(cells(header).length - 2);
    // That the test is there, `docs.test.ts` sees.
    expect(ours, what).toMatch(/^ (?:\[[^\]]+\]\(test\/.+\.test\.ts\)|no|you) $/);
    for (const cell of theirs) expect(cell, what).toMatch(/ \S.*\[\^[a-z]+\] $/);
  }
  const used = new Set(Array.from(text.matchAll(/\S\[\^([a-z]+)\] /g), ([, name]) => name));
  const sources = Array.from(text.matchAll(/^\[\^([a-z]+)\]: ([^[]*(?:\n {4}.*)*)/gm));
  expect(new Set(sources.map(([, name]) => name))).toEqual(used);
  for (const source of text.split(/^(?=\[\^)/m).slice(1)) {
    expect(source).toContain('https://github.com/');
    expect(source.replaceAll(/\s+/g, ' ')).toMatch(/at `[0-9a-f]{7}`.* read in November 2026/);
  }
  expect(text).toContain('| [eight](test/locale/catalogue.test.ts) |');
  expect(globSync('src/locale/*.json', { cwd: ROOT }).length).toBe(8);
});
