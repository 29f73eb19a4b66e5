import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeUser } from '../sandbox/discord/discord.ts';
import { linesHeard } from '../support/heard.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const MANAGE_GUILD = String(1n << 5n);

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
  const guild = discord.addGuild({ name: 'cards' });
  guild.addMember(ana, { permissions: MANAGE_GUILD });
  const listener = await discord.join(ana, guild.voiceChannel);
  await discord.command(ana, guild, 'join').reply();
  const bytes = Buffer.from(JSON.stringify({ bots: true, announce: 'never' }));
  await discord.command(ana, guild, 'settings import', { file: { name: 'settings.json', bytes } }).reply();
  const heard = () => linesHeard(fish, [listener]).map(({ text }) => text);
  const write = async (...[content, writing]: [string, Parameters<typeof discord.message>[3]?]) => {
    const before = heard().length;
    discord.message(ana, guild.textChannel, content, writing);
    await until('the next line', () => heard().length > before, 60_000);
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
