import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeUser } from '../sandbox/discord/discord.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { linesHeard } from '../support/heard.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 60_000;

let stage: Stage;
let ana: FakeUser;
beforeAll(async () => {
  stage = await startStage({ fish: { packets: 15 } }, discord => {
    ana = discord.addUser('Ana');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

test('cards of webhooks are read where bots are, and what people attach is described, unless it is a spoiler', async () => {
  const { discord, fish } = stage;
  const settings = { bots: true };
  const { guild, listener } = await chatGuild(stage, {
    name: 'cards',
    manager: ana,
    settings,
    commands: ['join'],
  });
  const heard = () => linesHeard(fish, [listener]).map(({ text }) => text);
  const write = async (...[content, writing]: [string, Parameters<typeof discord.message>[3]?]) => {
    const before = heard().length;
    discord.message(ana, guild.textChannel, content, writing);
    await until('the next line', () => heard().length > before, PATIENCE_MS);
  };

  await write('', {
    webhook: { name: 'Builds' },
    embeds: [
      {
        title: '[app] **Build** #12 passed',
        description: 'See <https://ci.example.com/12>.',
        fields: [
          { name: 'Branch', value: '`main`' },
          { name: 'Took', value: '3 minutes' },
        ],
      },
    ],
  });
  await write('', {
    webhook: { name: 'Builds' },
    components: [{ type: 17, components: [{ type: 10, content: '# Release 2\nIt is out.' }] }],
  });
  await write('https://example.com/cats', {
    embeds: [{ type: 'article', title: 'Ten cats', description: 'You will not believe the fourth.' }],
  });
  await write('look', {
    attachments: [
      { name: 'a.png', contentType: 'image/png', description: 'a cat on a keyboard' },
      { name: 'b.png', contentType: 'image/png', description: 'the butler did it', spoiler: true },
      { name: 'SPOILER_c.png', contentType: 'image/png' },
      { name: 'd.png', contentType: 'image/png' },
      { name: 'e.png', contentType: 'image/png', description: 'nor did the cook', flags: 1 << 5 },
      { name: 'f.gif', contentType: 'image/gif', description: 'a dancing cat', flags: 1 << 5 },
    ],
  });

  expect(heard()).toEqual([
    'app Build #12 passed. See link to example. Branch: code. Took: 3 minutes',
    'Release 2. It is out.',
    'link to example',
    'look, an image, spoiler: 3 images, an image: a cat on a keyboard, an image: a dancing cat',
  ]);
});

test('links are said as the server wishes', async () => {
  for (const [links, heard] of [
    ['site', /example/],
    ['word', /^look: link$/i],
    ['skip', /^look:?$/i],
  ] as const) {
    const options = { name: `links ${links}`, manager: ana, settings: { links }, commands: ['join'] };
    const { guild, listener } = await chatGuild(stage, options);
    stage.discord.message(ana, guild.textChannel, 'look: https://www.example.com/a/b?c=d');
    expect((await textsHeard(stage, listener, 1, PATIENCE_MS))[0]).toMatch(heard);
  }
});
