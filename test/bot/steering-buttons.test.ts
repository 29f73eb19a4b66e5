import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBot } from '../sandbox/bot.ts';
import type { FakeChannel } from '../sandbox/discord/channel.ts';
import { allComponents } from '../sandbox/discord/component.ts';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import { contentOf, type FakeMessage } from '../sandbox/discord/message.ts';
import { jsonFile, managedGuild } from '../support/managed-guild.ts';
import { addUsers, type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const MUTE_MEMBERS = String(1n << 22n);
const MANAGE_GUILD = String(1n << 5n);
const LONG = 'This line is long enough to be interrupted, since it goes on and on for several seconds.';

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;
let eve: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 1_500 } }, discord => {
    [ana, ben, eve] = addUsers(discord, 'Ana', 'Ben', 'Eve');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server with Ana and Ben in its voice channel, and Eve, who is not; the bot has been called by Ana. */
async function server(name: string, { locale = 'en-US', settings = {} } = {}) {
  const { discord } = stage;
  const guild = managedGuild(discord, { name, locale, manager: ana, members: [ben, eve] });
  for (const user of [ana, ben]) await discord.join(user, guild.voiceChannel);
  await use(guild, 'settings import', jsonFile(settings)).reply();
  const join = use(guild, 'join');
  await join.reply();
  return { guild, join };
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

/** A message as everybody in the channel sees it now. */
function now(channel: FakeChannel, { id }: { id: string }): FakeMessage {
  const message = stage.discord.messages(channel).find(one => one.id === id);
  if (!message) throw new Error('the message is gone');
  return message;
}

const labelsOf = (message: FakeMessage) =>
  allComponents(message.fields['components']).flatMap(({ label }) =>
    typeof label === 'string' ? [label] : [],
  );

/** Presses the button with this label. */
function press(user: FakeUser, message: FakeMessage, label: string): FakeInteraction {
  const button = allComponents(message.fields['components']).find(one => one['label'] === label);
  return stage.discord.press(user, message, String(button?.['custom_id']));
}

/** The message of `/join`, as it is now. */
const joined = (guild: FakeGuild, join: FakeInteraction) =>
  now(guild.textChannel, { id: join.message?.id ?? '' });
const notices = (guild: FakeGuild, pattern: RegExp) =>
  stage.discord.messages(guild.textChannel).filter(message => pattern.test(contentOf(message)));

test('below the answer to /join anybody who listens pauses and goes on; all see who has done it', async () => {
  const { guild, join } = await server('pause');
  expect(labelsOf(joined(guild, join))).toEqual(['Pause', 'Skip', 'Stop', 'Queue']);
  const text = contentOf(joined(guild, join));
  const pause = press(ben, joined(guild, join), 'Pause');
  expect(await pause.reply()).toContain(`<@${ben.id}> paused me`);
  expect(labelsOf(joined(guild, join))).toEqual(['Resume', 'Skip', 'Stop', 'Queue']);
  await until('the notice', () => notices(guild, /Nothing is lost/).length === 1);
  expect(await use(guild, 'queue').reply()).toContain('Paused.');
  expect(await use(guild, 'status').reply()).toMatch(/Voice: <#\d+>, paused/);
  await press(ana, joined(guild, join), 'Resume').reply();
  expect(labelsOf(joined(guild, join))).toEqual(['Pause', 'Skip', 'Stop', 'Queue']);
  expect(contentOf(joined(guild, join))).toBe(text);
  await until('the notice is over', () => notices(guild, /let me go on/).length === 1);
  expect(notices(guild, /Nothing is lost/)).toEqual([]);
});

test('/pause by one is seen by all, who go on by the button of the notice; the message of /join follows', async () => {
  const { guild, join } = await server('notice');
  const pause = use(guild, 'pause', {}, ben);
  expect(await pause.reply()).toContain('/resume');
  expect(pause.ephemeral).toBe(true);
  await until('the message of /join', () => labelsOf(joined(guild, join)).includes('Resume'));
  expect(contentOf(joined(guild, join))).toContain(`<@${ben.id}> paused me`);
  await until('the notice', () => notices(guild, /Nothing is lost/).length === 1);
  const [notice] = notices(guild, /Nothing is lost/);
  expect(await press(ana, notice!, 'Resume').reply()).toBe(`<@${ana.id}> let me go on.`);
  await until('the message of /join', () => labelsOf(joined(guild, join)).includes('Pause'));
  expect(labelsOf(now(guild.textChannel, notice!))).toEqual([]);
  // Whoever pauses again and again fills nobody's channel.
  for (const name of ['pause', 'resume', 'pause']) await use(guild, name).reply();
  await until('the message of /join', () => labelsOf(joined(guild, join)).includes('Resume'));
  expect(notices(guild, /Nothing is lost/)).toEqual([]);
});

test('who uses /join while the bot is paused sees who has paused it', async () => {
  const { guild } = await server('joined while paused');
  await use(guild, 'pause', {}, ben).reply();
  const again = use(guild, 'join');
  expect(await again.reply()).toContain(`<@${ben.id}> paused me`);
  await use(guild, 'resume').reply();
  await until('the pause is over', () => !contentOf(joined(guild, again)).includes('paused me'));
});

test('Skip, Stop and Queue do what the commands do, with their rights; others’ lost lines are told', async () => {
  const { guild, join } = await server('rights', { settings: { skipOthers: false } });
  await use(guild, 'say', { text: LONG }).reply();
  await use(guild, 'say', { text: 'Ben waits.' }, ben).reply();
  await until('it is said', async () => /Now: \*\*Ana/.test(await use(guild, 'queue').reply()));
  const message = () => joined(guild, join);
  const queue = press(ben, message(), 'Queue');
  expect(await queue.reply()).toMatch(
    /Now: \*\*Ana\*\*: .*\n1\. \*\*Ben\*\*: Ben waits\.\nAll of it takes ≈ \d+ sec\./,
  );
  expect(queue.ephemeral).toBe(true);
  for (const label of ['Pause', 'Skip']) {
    const refused = press(ben, message(), label);
    expect(await refused.reply(), label).toMatch(/moderators/);
    expect(refused.ephemeral).toBe(true);
  }
  expect(await press(ben, message(), 'Stop').reply()).toBe('Your line was dropped. I go on with the others.');
  await until('all see it', () => contentOf(message()).includes(`<@${ben.id}> dropped a line of their own`));
  await use(guild, 'say', { text: 'Ben waits again.' }, ben).reply();
  expect(await press(eve, message(), 'Stop').reply()).toContain(guild.voiceChannel.id);
  guild.addMember(eve, { permissions: MUTE_MEMBERS });
  await stage.discord.join(eve, guild.voiceChannel);
  expect(await press(eve, message(), 'Skip').reply()).toBe('Skipped.');
  await until('all see it', () => contentOf(message()).includes(`<@${eve.id}> skipped a line`));
  expect(await press(eve, message(), 'Stop').reply()).toMatch(/Silent/);
  await until('all see it', () => contentOf(message()).includes(`<@${eve.id}> stopped me`));
  await until('the notice', () => notices(guild, /Write again/).length === 1);
});

test('the buttons of an old message answer kindly: after /leave, after a second /join, of another version', async () => {
  const { guild, join } = await server('old');
  const second = use(guild, 'join');
  await second.reply();
  expect(await press(ana, joined(guild, join), 'Pause').reply()).toContain('paused me');
  await until('the new message', () => labelsOf(joined(guild, second)).includes('Resume'));
  await use(guild, 'leave').reply();
  await until('nothing is paused', () => labelsOf(joined(guild, second)).includes('Pause'));
  expect(await press(ben, joined(guild, second), 'Skip').reply()).toContain('/join');
  const forged = { component_type: 2, custom_id: 'steer:dance' };
  expect(await stage.discord.forge(ben, joined(guild, join), 'component', forged).reply()).toContain(
    'older version',
  );
});

test('the message of /join speaks the server’s language, the answers that of whoever presses', async () => {
  const { guild, join } = await server('deutsch', { locale: 'de' });
  expect(labelsOf(joined(guild, join))).toContain('Überspringen');
  expect(await press(ana, joined(guild, join), 'Überspringen').reply()).toBe('I was not saying anything.');
  expect(await press(ana, joined(guild, join), 'Pause').reply()).toContain('pausiert');
});

test('a bot that comes by itself says what /join says, once, with the same buttons', async () => {
  const { discord } = stage;
  const guild = discord.addGuild({ name: 'by itself' });
  guild.addMember(ana, { permissions: MANAGE_GUILD });
  await discord.join(ana, guild.voiceChannel);
  const file = { name: 'a.json', bytes: Buffer.from(JSON.stringify({ autoJoin: true })) };
  await use(guild, 'settings import', { file }).reply();
  discord.message(ana, guild.voiceChannel, 'Come here.');
  discord.message(ana, guild.voiceChannel, 'And stay.');
  const told = () =>
    discord.messages(guild.voiceChannel).filter(message => contentOf(message).includes('Fish Audio'));
  await until('it is told', () => told().length === 1);
  const [message] = told();
  expect(contentOf(message!)).toContain(`<#${guild.voiceChannel.id}>`);
  expect(contentOf(message!)).toContain('/optout');
  expect(labelsOf(message!)).toEqual(['Pause', 'Skip', 'Stop', 'Queue']);
  await press(ana, message!, 'Pause').reply();
  expect(labelsOf(now(guild.voiceChannel, message!))).toContain('Resume');
  expect(told()).toHaveLength(1);
});

test('after a restart the buttons work, and the message of /join is kept up to date again', async () => {
  const { discord, fish } = stage;
  const { guild, join } = await server('restart');
  await press(ben, joined(guild, join), 'Pause').reply();
  await stage.bot[Symbol.asyncDispose]();
  await using again = startBot({ discord, fish });
  await discord.ready(50_000);
  await until('it hears of commands', () => again.output.includes('connected to Discord'));
  await use(guild, 'join').reply();
  // The bot is not paused any more, so the button that resumed only brings the message up to date.
  await press(ana, joined(guild, join), 'Resume').reply();
  expect(labelsOf(joined(guild, join))).toContain('Pause');
  await press(ben, joined(guild, join), 'Pause').reply();
  expect(labelsOf(joined(guild, join))).toContain('Resume');
  expect(again.output).not.toMatch(/answer failed|fault/);
});
