import type { Writing } from '../sandbox/discord/written-message.ts';

/** A message of the evening, and what it sounds like. */
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
export const EVENING: readonly (readonly Said[])[] = [
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

/** What Fish Audio is asked to say in the whole evening, in bytes of UTF-8, which is what it bills. */
export const EVENING_BYTES = EVENING.flat().reduce((sum, { heard }) => sum + Buffer.byteLength(heard), 0);
