import { MessageFlags, type ModalSubmitInteraction } from 'discord.js';
import { expect, test } from 'vitest';
import { answer, app, button, isChat, nextUse, options, panel, refusal, row, text, useApps } from './app.ts';
import type { FakeDiscord } from './discord/discord.ts';

const V2 = MessageFlags.IsComponentsV2;

useApps();

test('buttons and selects of a private panel: the message changes in place', async () => {
  const stage = await app();
  const { discord, guild, ana, ben, bot } = stage;
  const role = guild.addRole('DJ');
  const options = ['auto', 'always'].map(value => ({ label: value, value }));
  const use = await panel(stage, {
    flags: V2 | MessageFlags.Ephemeral,
    components: [
      {
        type: 17,
        components: [
          text('Settings'),
          { type: 9, components: [text('Speed')], accessory: button('faster') },
          row({ type: 3, custom_id: 'announce', options }),
          row({ type: 6, custom_id: 'role', min_values: 0 }),
          row({ type: 8, custom_id: 'channels', channel_types: [2], max_values: 2 }),
        ],
      },
    ],
  });
  expect(await use.reply()).toBe('Settings\nSpeed');
  expect(use.ephemeral).toBe(true);
  expect(use.components.flatMap(one => one['custom_id'] ?? [])).toEqual([
    'faster',
    'announce',
    'role',
    'channels',
  ]);
  const pressed = nextUse(bot, one => one.isButton());
  const press = discord.press(ana, use, 'faster');
  const pressing = await pressed;
  expect(pressing.message.flags.has('Ephemeral')).toBe(true);
  await answer(bot, pressing, { type: 7, data: { components: [text('Faster'), row(button('reset'))] } });
  expect(await press.reply()).toBe('Faster');
  expect(await use.reply()).toBe('Faster'); // the one message
  await expect(discord.press(ana, use, 'faster').reply(500)).rejects.toThrow('no component');
  expect(() => discord.press(ben, use, 'reset')).toThrow('does not see');
  const again = await panel(stage, {
    components: [
      row({ type: 3, custom_id: 'announce', options }),
      row({ type: 6, custom_id: 'role', min_values: 0 }),
      row({ type: 8, custom_id: 'channels', channel_types: [2], max_values: 2 }),
      row(button('off', { disabled: true })),
    ],
  });
  const refused = (id: string, values: Parameters<FakeDiscord['choose']>[3], why: string) =>
    expect(discord.choose(ana, again, id, values).reply(500)).rejects.toThrow(why);
  await refused('announce', ['never'], 'does not offer');
  await refused('announce', ['auto', 'always'], 'can be chosen');
  await refused('announce', [], 'can be chosen');
  await refused('channels', [guild.textChannel], 'does not offer');
  await refused('off', [], 'disabled');
  const chosen = nextUse(bot, one => one.isStringSelectMenu());
  discord.choose(ben, again, 'announce', ['always']); // everybody sees it
  expect((await chosen).values).toEqual(['always']);
  const roles = nextUse(bot, one => one.isRoleSelectMenu());
  discord.choose(ana, again, 'role', [role]);
  expect((await roles).roles.first()?.name).toBe('DJ');
  const channels = nextUse(bot, one => one.isChannelSelectMenu());
  const choice = discord.choose(ana, again, 'channels', [guild.voiceChannel]);
  const choosing = await channels;
  expect(choosing.channels.first()?.id).toBe(guild.voiceChannel.id);
  await choosing.deferUpdate();
  await choosing.editReply({ content: 'Saved', components: [] });
  expect(await choice.reply()).toBe('Saved');
  expect(again.message?.editedAt).not.toBeNull();
});

test('a modal is filled in and sent; its fields are checked as the client checks them', async () => {
  const stage = await app();
  const { discord, ana, ben, bot } = stage;
  const use = await panel(stage, { components: [row(button('edit'))] });
  const modal = {
    custom_id: 'limits',
    title: 'Limits',
    components: [
      {
        type: 18,
        label: 'Bytes',
        component: { type: 4, custom_id: 'bytes', style: 1, min_length: 1, max_length: 4, value: '1000' },
      },
      { type: 18, label: 'Role', component: { type: 6, custom_id: 'role', required: false } },
      { type: 18, label: 'File', component: { type: 19, custom_id: 'file' } },
    ],
  };
  const pressed = nextUse(bot, one => one.isButton());
  const shown = discord.press(ana, use, 'edit');
  const pressing = await pressed;
  const untitled = { type: 9, data: { ...modal, title: '' } };
  expect(await refusal(answer(bot, pressing, untitled))).toContain('BASE_TYPE_BAD_LENGTH');
  await answer(bot, pressing, { type: 9, data: modal });
  await shown.firstResponse;
  const file = [{ name: 'a.json', bytes: Buffer.from('{}') }];
  const refused = (values: Parameters<FakeDiscord['submit']>[2], why: string) =>
    expect(discord.submit(ana, shown, values).reply(500)).rejects.toThrow(why);
  await refused({ file, bytes: '' }, 'required');
  await refused({ file, bytes: '12345' }, 'too long');
  await refused({ bytes: '1' }, 'too few');
  await refused({ file, other: 'x' }, 'no field');
  expect(() => discord.submit(ben, shown, { file })).toThrow('does not see');
  const sent = nextUse(bot, (one): one is ModalSubmitInteraction => one.isModalSubmit());
  const submit = discord.submit(ana, shown, { file });
  const seen = await sent;
  expect(seen.fields.getTextInputValue('bytes')).toBe('1000');
  expect(seen.fields.getUploadedFiles('file')?.first()?.name).toBe('a.json');
  expect(seen.isFromMessage()).toBe(true);
  expect(await refusal(answer(bot, seen, { type: 9, data: modal }))).toContain('BASE_TYPE_CHOICES');
  await answer(bot, seen, { type: 7, data: { content: 'Saved' } });
  expect(await submit.reply()).toBe('Saved');
});

test.each<[string, object, string]>([
  ['content beside components', { content: 'x', components: [text('x')] }, 'LEGACY_FIELDS'],
  ['embeds beside components', { embeds: [{ title: 'x' }], components: [text('x')] }, 'LEGACY_FIELDS'],
  ['41 components', { components: Array.from({ length: 41 }, () => text('x')) }, 'MAX_LENGTH'],
  [
    '41 components, nested',
    { components: [1, 2].map(() => ({ type: 17, components: Array.from({ length: 20 }, () => text('x')) })) },
    'MAX_LENGTH',
  ],
  ['4,001 characters', { components: [text('x'.repeat(2_001)), text('y'.repeat(2_000))] }, 'TEXT_SIZE'],
  ['a custom_id twice', { components: [row(button('a'), button('a'))] }, 'DUPLICATED'],
  ['a select beside a button', { components: [row(button('a'), { type: 6, custom_id: 'b' })] }, 'WIDTH'],
  ['a button outside of a row', { components: [button('a')] }, 'UNION_TYPE'],
  ['a section without accessory', { components: [{ type: 9, components: [text('x')] }] }, 'REQUIRED'],
  ['a file that is not there', { components: [{ type: 13, file: { url: 'attachment://a' } }] }, 'NOT_FOUND'],
  ['26 options', { components: [row({ type: 3, custom_id: 'a', options: options(26) })] }, 'MAX_LENGTH'],
  ['no option', { components: [row({ type: 3, custom_id: 'a', options: [] })] }, 'BAD_LENGTH'],
  [
    'an option twice',
    { components: [row({ type: 3, custom_id: 'a', options: options(2, 'x') })] },
    'DUPLICATED',
  ],
])('a message of components alone is refused for %s', async (_, data, code) => {
  const { discord, guild, ana, bot } = await app();
  const arriving = nextUse(bot, isChat);
  discord.command(ana, guild, 'panel');
  const [status, number, ...codes] = await refusal(
    answer(bot, await arriving, { type: 4, data: { flags: V2, ...data } }),
  );
  expect([status, number]).toEqual([400, 50035]);
  expect(codes.join()).toContain(code);
});
