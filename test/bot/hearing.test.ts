import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { contentOf } from '../sandbox/discord/message.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const { viewChannel, sendMessages, connect, speak, muteMembers, requestToSpeak } = PERMISSION;
/** What lasts for a second is told. */
const SETTLED_MS = 2_000;
const USUAL = viewChannel | sendMessages | connect | speak;
/** How many packets of 20 ms a line has, and one that is held in its middle: it must not end before it is muted. */
const SHORT = 25;
const LONG = 100;

let stage: Stage;
let ana: FakeUser;
let bot: string;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: SHORT } }, discord => {
    ana = discord.addUser('Ana');
    bot = discord.applicationId;
  });
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  stage.fish.behaviour.packets = SHORT;
});

async function server(name: string, { onStage = false, bits = USUAL } = {}) {
  const guild = stage.discord.addGuild({ name });
  guild.botPermissions = String(bits);
  guild.addMember(ana);
  const channel = onStage ? guild.addVoiceChannel({ name: 'Stage', stage: true }) : guild.voiceChannel;
  const listener = await stage.discord.join(ana, channel);
  const joined = await use(guild, 'join', { channel }).reply();
  expect(joined).toContain(`<#${channel.id}>`);
  return { guild, channel, listener };
}

function use(guild: FakeGuild, name: string, options = {}) {
  return stage.discord.command(ana, guild, name, options);
}

const write = (guild: FakeGuild, text: string) => stage.discord.message(ana, guild.textChannel, text);

/** What the bot told everybody in a server, but for its answer to `/join`. */
const notices = (guild: FakeGuild) =>
  stage.discord
    .messages(guild.textChannel)
    .filter(({ author, interaction }) => author.id === bot && !interaction)
    .map(contentOf);

const sessionOf = (text: string) => stage.fish.sessions.find(session => session.text.includes(text));

/** The packets of a line that a listener heard, by their place in the line. */
function heardOf(listener: Listener, text: string): number[] {
  const { packets = [] } = sessionOf(text) ?? {};
  return listener
    .speech()
    .map(heard => packets.findIndex(packet => packet.equals(heard)))
    .filter(at => at >= 0);
}

function isWhole(listener: Listener, text: string): boolean {
  const { ended, packets = [] } = sessionOf(text) ?? {};
  return ended === 'finish' && heardOf(listener, text).length === packets.length;
}

/** Writes a line, waits until it speaks, and lets lines after it be short. */
async function begins(guild: FakeGuild, listener: Listener, text: string): Promise<void> {
  stage.fish.behaviour.packets = LONG;
  write(guild, text);
  await until('it speaks', () => heardOf(listener, text).length > 10);
  stage.fish.behaviour.packets = SHORT;
}
const status = (guild: FakeGuild) => use(guild, 'status').reply();

/** Mutes the bot as a moderator does, and waits until people are told. */
async function muted(guild: FakeGuild): Promise<void> {
  stage.discord.mute(guild, bot, true);
  await until('it is told', () => notices(guild).length > 0);
}

test('muted by a moderator: the line is held, nothing is spent, it is told once, and it goes on where it was', async () => {
  const { guild, listener } = await server('muted');
  await begins(guild, listener, 'The line that is being said.');
  stage.discord.mute(guild, bot, true);
  await until('it is held', async () => (await status(guild)).includes('muted by a moderator'));
  const sent = stage.fish.sessions.length;
  const waiting = write(guild, 'A line that waits.');
  expect(await use(guild, 'say', { text: 'And one by command.' }).reply()).toMatch(/nobody would hear me/);
  await until('it is told', () => notices(guild).length > 0);
  expect(notices(guild)).toEqual([expect.stringMatching(/has muted me in <#\d+>/)]);
  expect(await use(guild, 'queue').reply()).toMatch(
    /^Held, since nobody would hear me: muted by a moderator\nNow: /,
  );
  const why = await stage.discord.messageMenu(ana, waiting, 'Why not read?').reply();
  expect(why).toMatch(/nobody would hear me right now \(muted by a moderator\)/);
  expect(stage.fish.sessions.length).toBe(sent);
  expect(heardOf(listener, 'being said').at(-1)).toBeLessThan(LONG - 1);

  stage.discord.mute(guild, bot, false);
  await until('all of it is heard', () => isWhole(listener, 'waits') && isWhole(listener, 'by command'));
  const places = heardOf(listener, 'being said');
  expect(places.at(-1)).toBe(LONG - 1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(new Set(places).size).toBe(places.length);
  expect(await status(guild)).toMatch(/Voice: <#\d+>, audible/);
  expect(notices(guild)).toHaveLength(1);
});

test('muted while nobody spoke: a line is not begun, and heard when the bot is', async () => {
  const { guild, listener } = await server('muted before');
  await muted(guild);
  write(guild, 'Said later.');
  expect(await status(guild)).toContain('muted by a moderator');
  expect(sessionOf('Said later.')).toBeUndefined();
  stage.discord.mute(guild, bot, false);
  await until('it is heard', () => isWhole(listener, 'Said later.'));
  expect(notices(guild)).toHaveLength(1);
});

test('muted and paused: it is not said that lines go on before both are over', async () => {
  const { guild, listener } = await server('muted and paused');
  await muted(guild);
  await use(guild, 'pause').reply();
  expect(await use(guild, 'say', { text: 'Said after both.' }).reply()).toBe(
    'Queued. I am paused: `/resume` lets me speak.\nHeld, since nobody would hear me: muted by a moderator',
  );
  expect(await use(guild, 'resume').reply()).toMatch(
    /No longer paused, but for now nobody would hear me \(muted by a moderator\)/,
  );
  stage.discord.mute(guild, bot, false);
  await until('it is heard', () => isWhole(listener, 'Said after both.'));
});

test('self-deafened, as it always is, the bot is heard; muted for a moment, nobody is told', async () => {
  const { guild, listener } = await server('deaf');
  expect(guild.voiceStates.get(bot)).toMatchObject({ selfDeaf: true, suppress: false });
  stage.discord.mute(guild, bot, true);
  stage.discord.mute(guild, bot, false);
  write(guild, 'Heard all the same.');
  await until('it is heard', () => isWhole(listener, 'Heard all the same.'));
  expect(notices(guild)).toEqual([]);
});

test('muted while its permissions change all the time: people are told all the same, once', async () => {
  const { guild } = await server('busy');
  stage.discord.mute(guild, bot, true);
  let changes = 0;
  const toggle = () => {
    changes += 1;
    const deny = changes % 2 === 0 ? '0' : String(PERMISSION.attachFiles);
    guild.setOverwrites(guild.voiceChannel, [{ id: bot, type: 1, allow: '0', deny }]);
  };
  const busy = setInterval(toggle, 200);
  try {
    await until('it is told', () => notices(guild).length > 0);
    const before = changes;
    await until('more has changed', () => changes > before + 10);
  } finally {
    clearInterval(busy);
  }
  expect(notices(guild)).toEqual([expect.stringMatching(/has muted me in <#\d+>/)]);
});

test('muted again after it has left and come back: what was told a moment ago is not told again', async () => {
  const { guild, listener } = await server('told before');
  await muted(guild);
  stage.discord.mute(guild, bot, false);
  await use(guild, 'leave').reply();
  await use(guild, 'join').reply();
  const before = stage.discord.messages(guild.textChannel).length;
  stage.discord.mute(guild, bot, true);
  write(guild, 'Held once more.');
  await sleep(SETTLED_MS);
  expect(await status(guild)).toContain('muted by a moderator');
  expect(stage.discord.messages(guild.textChannel).slice(before)).toHaveLength(1);
  stage.discord.mute(guild, bot, false);
  await until('it is heard', () => isWhole(listener, 'Held once more.'));
});

test('muted, and moved to another channel: it is the same mute, and not told again', async () => {
  const { guild } = await server('muted and moved');
  await muted(guild);
  const elsewhere = guild.addVoiceChannel({ name: 'Elsewhere' });
  const listener = await stage.discord.join(ana, elsewhere);
  stage.discord.moveBot(guild, elsewhere);
  write(guild, 'Held elsewhere.');
  await until('it is there', async () => (await status(guild)).includes(elsewhere.id));
  await sleep(SETTLED_MS);
  expect(await status(guild)).toContain('muted by a moderator');
  expect(notices(guild)).toHaveLength(1);
  stage.discord.mute(guild, bot, false);
  await until('it is heard', () => isWhole(listener, 'Held elsewhere.'));
});

test.each([
  [
    'in the channel',
    (guild: FakeGuild, may: boolean) => {
      const deny = may ? '0' : String(speak);
      guild.setOverwrites(guild.voiceChannel, [{ id: bot, type: 1, allow: '0', deny }]);
    },
  ],
  [
    'in the server',
    (guild: FakeGuild, may: boolean) => {
      guild.botPermissions = String(may ? USUAL : USUAL & ~speak);
    },
  ],
])(
  'row 38: without the permission to speak any more, %s: held, told once, and it goes on',
  async (where, allow) => {
    const { guild, listener } = await server(`no permission ${where}`);
    await begins(guild, listener, `The first line ${where}.`);
    allow(guild, false);
    await until('it is told', () => notices(guild).length > 0);
    write(guild, `The second line ${where}.`);
    expect(await status(guild)).toContain('without the permission Speak');
    expect(notices(guild)).toEqual([expect.stringMatching(/lack the permission \*\*Speak\*\*/)]);
    expect(sessionOf(`second line ${where}`)).toBeUndefined();
    allow(guild, true);
    await until('it is heard', () => isWhole(listener, `second line ${where}`));
    expect(heardOf(listener, `first line ${where}`).at(-1)).toBe(LONG - 1);
    expect(notices(guild)).toHaveLength(1);
  },
);

test('a stage on which it may: it becomes a speaker by itself, and stays in the audience where a moderator puts it', async () => {
  const { guild, listener } = await server('stage moderator', { onStage: true, bits: USUAL | muteMembers });
  write(guild, 'From the stage.');
  await until('it is heard', () => isWhole(listener, 'From the stage.'));
  expect(notices(guild)).toEqual([]);
  stage.discord.suppress(guild, bot, true);
  await until('it is told', () => notices(guild).length > 0);
  write(guild, 'From the audience.');
  expect(await status(guild)).toContain('in the audience of the stage');
  expect(guild.voiceStates.get(bot)?.suppress).toBe(true);
  expect(sessionOf('From the audience.')).toBeUndefined();
  stage.discord.suppress(guild, bot, false);
  await until('it is heard', () => isWhole(listener, 'From the audience.'));
});

test('row 38: a stage on which it may not: it asks to speak, says so, and speaks when it is let', async () => {
  const { guild, listener } = await server('stage', { onStage: true, bits: USUAL | requestToSpeak });
  await until('it is told', () => notices(guild).length > 0);
  expect(notices(guild)).toEqual([
    expect.stringMatching(/in the audience of <#\d+> and have asked to speak/),
  ]);
  expect(guild.voiceStates.get(bot)?.requestToSpeak).toBeTruthy();
  write(guild, 'Let me speak.');
  expect(await status(guild)).toContain('in the audience of the stage');
  expect(sessionOf('Let me speak.')).toBeUndefined();
  stage.discord.suppress(guild, bot, false);
  await until('it is heard', () => isWhole(listener, 'Let me speak.'));
  expect(notices(guild)).toHaveLength(1);
});

test('what brings it onto a stage is not sent to Fish before it may speak there', async () => {
  const guild = stage.discord.addGuild({ name: 'said on a stage' });
  guild.botPermissions = String(USUAL | requestToSpeak);
  guild.addMember(ana);
  const listener = await stage.discord.join(ana, guild.addVoiceChannel({ name: 'Stage', stage: true }));
  expect(await use(guild, 'say', { text: 'Held from the start.' }).reply()).toMatch(/nobody would hear me/);
  await until('it has asked', () => Boolean(guild.voiceStates.get(bot)?.requestToSpeak));
  expect(sessionOf('Held from the start.')).toBeUndefined();
  stage.discord.suppress(guild, bot, false);
  await until('it is heard', () => isWhole(listener, 'Held from the start.'));
});

test('row 38: a stage on which it may not even ask: it says so, and comes to speak by a permission', async () => {
  const { guild, listener } = await server('closed stage', { onStage: true });
  await until('it is told', () => notices(guild).length > 0);
  expect(notices(guild)).toEqual([expect.stringMatching(/may not even ask to speak/)]);
  write(guild, 'With a permission.');
  guild.botPermissions = String(USUAL | muteMembers);
  await until('it is heard', () => isWhole(listener, 'With a permission.'));
  expect(notices(guild)).toHaveLength(1);
});

test('SIGTERM while nobody hears the bot: it leaves at once', async () => {
  const { guild } = await server('the end');
  stage.fish.behaviour.packets = LONG;
  write(guild, 'Cut off for good.');
  await until('it is sent', () => sessionOf('Cut off for good.') !== undefined);
  stage.discord.mute(guild, bot, true);
  await until('it is held', async () => (await status(guild)).includes('muted by a moderator'));
  expect((await stage.bot.stop()).code).toBe(0);
});
