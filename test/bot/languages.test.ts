import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeUser } from '../sandbox/discord/discord.ts';
import type { Writing } from '../sandbox/discord/written-message.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { linesHeard } from '../support/heard.ts';
import { type Stage, startStage } from '../support/stage.ts';

const PATIENCE_MS = 60_000;

let stage: Stage;
const people = new Map<string, FakeUser>();

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 6 } }, discord => {
    for (const name of ['Ana', 'Yuki', 'Dieter', 'Mia', 'Luc']) people.set(name, discord.addUser(name));
  });
  for (const voice of ['english', 'japanese', 'german', 'portuguese', 'of-the-server', 'of-mia'])
    stage.fish.library.know(voice);
});
afterAll(() => stage[Symbol.asyncDispose]());

function person(name: string): FakeUser {
  const user = people.get(name);
  if (!user) throw new Error(`there is no ${name}`);
  return user;
}

interface Said {
  readonly by: string;
  readonly written: string;
  readonly writing?: Writing;
  /** Whether it is said with `/say`. */
  readonly command?: boolean;
  readonly heard: string;
  readonly voice: string;
}

const line = (by: string, written: string, heard: string, voice: string, more: Partial<Said> = {}): Said => ({
  by,
  written,
  heard,
  voice,
  ...more,
});

const PICTURE = { name: 'a.png', contentType: 'image/png' };

/** What three friends and their guests write, each of these in one go, and what a person would hear of it. */
const EVENING: readonly (readonly Said[])[] = [
  [
    line('Ana', 'hey everyone 😀', 'Ana said: hey everyone, grinning face', 'english'),
    line('Yuki', 'こんばんは😀', 'Yukiさんの発言、こんばんは、にっこり笑う', 'japanese'),
    line(
      'Dieter',
      'moin zusammen, schaut mal https://www.youtube.com/watch?v=x',
      'Dieter sagt: moin zusammen, schaut mal Link zu youtube',
      'german',
    ),
    line('Ana', 'Yuki is so good at this game', 'Ana said: Yuki is so good at this game', 'english'),
    line('Yuki', 'Dieterさんの方が上手いよww', 'Yukiさんの発言、Dieterさんの方が上手いよ、わら', 'japanese'),
    line('Dieter', 'was denkst du', 'Dieter sagt: was denkst du, 2 Bilder', 'german', {
      writing: { attachments: [PICTURE, PICTURE] },
    }),
  ],
  [
    line(
      'Mia',
      'ich komme gleich, just one sec 😀',
      'ich komme gleich, just one sec, grinsendes Gesicht',
      'of-mia',
    ),
    line('Dieter', '😂', 'Dieter sagt: Gesicht mit Freudentränen', 'german'),
    line('Yuki', '了解', 'Yukiさんの発言、了解', 'japanese'),
    line('Ana', 'lol 😂', 'Ana said: lol, face with tears of joy', 'english'),
    line(
      'Luc',
      'on commence à quelle heure ? 😀',
      'Luc dit : on commence à quelle heure ? visage rieur',
      'of-the-server',
    ),
    line('Yuki', 'wait for me please 😀', 'Yuki said: wait for me please, grinning face', 'english'),
  ],
  [
    line(
      'Dieter',
      'am <t:0:D> war alles besser',
      'Dieter sagt: am 1. Januar 1970 war alles besser',
      'german',
      { command: true },
    ),
    line('Luc', 'mitä kuuluu tänään 😀', 'Luc said: mitä kuuluu tänään, grinning face', 'of-the-server'),
    line(
      'Ana',
      'I met 田中さん yesterday 😀',
      'Ana said: I met 田中さん yesterday, grinning face',
      'english',
    ),
    line('Mia', 'thanks a lot 😀', 'thanks a lot, grinning face', 'of-mia'),
    line('Dieter', '', 'Dieter sagt: Umfrage: Wer hat Hunger? ich, du', 'german', {
      writing: { poll: { question: 'Wer hat Hunger?', answers: ['ich', 'du'] } },
    }),
    line('Yuki', 'ラーメン食べたい', 'Yukiさんの発言、ラーメン食べたい、画像', 'japanese', {
      writing: { attachments: [PICTURE] },
    }),
  ],
];

test('a busy evening in three languages is heard as a person would read it to the others', async () => {
  const { discord } = stage;
  const { guild, listener } = await chatGuild(stage, {
    name: 'evening',
    manager: person('Ana'),
    listeners: ['Yuki', 'Dieter', 'Mia', 'Luc'].map(person),
    settings: {
      announce: 'auto',
      voice: 'of-the-server',
      voices: { en: 'english', ja: 'japanese', de: 'german' },
    },
    commands: ['join'],
  });
  await discord.command(person('Mia'), guild, 'voice set', { voice: 'of-mia' }).reply();
  let count = 0;
  for (const round of EVENING) {
    await discord.command(person('Ana'), guild, 'pause').reply();
    for (const { by, written, writing = {}, command } of round) {
      if (command) await discord.command(person(by), guild, 'say', { text: written }).reply();
      else discord.message(person(by), guild.textChannel, written, writing);
    }
    await discord.command(person('Ana'), guild, 'resume').reply();
    count += round.length;
    await textsHeard(stage, listener, count, PATIENCE_MS);
  }
  expect(linesHeard(stage.fish, [listener])).toEqual(
    EVENING.flat().map(({ heard, voice }) => ({ text: heard, voice })),
  );
}, 120_000);

test('what nobody can tell is in the language of the server, and its own setting comes before Discord’s', async () => {
  const { discord } = stage;
  const { guild, listener } = await chatGuild(stage, {
    name: 'nobody can tell',
    manager: person('Ana'),
    settings: { announce: 'always', language: 'pt-BR', voices: { pt: 'portuguese', en: 'english' } },
    commands: ['join'],
  });
  discord.message(person('Ana'), guild.textChannel, 'lol 😂');
  await textsHeard(stage, listener, 1, PATIENCE_MS);
  discord.message(person('Ana'), guild.textChannel, 'is anybody there?');
  await textsHeard(stage, listener, 2, PATIENCE_MS);
  expect(linesHeard(stage.fish, [listener])).toEqual([
    { text: 'Ana disse: lol, rosto chorando de rir', voice: 'portuguese' },
    { text: 'Ana said: is anybody there?', voice: 'english' },
  ]);
}, 120_000);
