import { expect, test } from 'vitest';
import { LineLanguages } from '../../../src/discord/lines/line-languages.ts';
import { RecentLanguages } from '../../../src/discord/lines/recent-languages.ts';

const ana = { guildId: 'g', channelId: 'c', speakerId: 'ana' };
const ben = { ...ana, speakerId: 'ben' };

test('a line is in the language in which it is written, and so are our words where we have them', () => {
  const languages = new LineLanguages();
  expect(languages.of('danke dir', ana, 'en-US')).toEqual({ code: 'de', words: 'de' });
  expect(languages.of('ありがとう', ana, 'en-US')).toEqual({ code: 'ja', words: 'ja' });
  expect(languages.of('mitä kuuluu tänään', ana, 'sv-SE')).toEqual({ code: 'fi', words: 'sv' });
  expect(languages.of('lol', ana, 'pt-BR')).toEqual({ code: 'pt', words: 'pt' });
  expect(languages.of('lol', ana, 'fi')).toEqual({ code: 'fi', words: 'en' });
});

test('what comes with a message tells its language where it has no words of its own', () => {
  const languages = new LineLanguages();
  const written = { content: '', stickers: [], attachments: [{ kind: 'image' }] as const };
  expect(languages.of(written, ana, 'en-US').code).toBe('en');
  const forwarded = { ...written, content: 'das habe ich nicht gesagt' };
  expect(languages.of({ ...written, forwarded }, ana, 'en-US').code).toBe('de');
  const attachments = [{ kind: 'image' as const, description: 'eine Katze, die auf dem Sofa schläft' }];
  expect(languages.of({ ...written, attachments }, ana, 'en-US').code).toBe('de');
  const content = 'look at my cat';
  expect(languages.of({ ...written, content, attachments }, ana, 'fr').code).toBe('en');
  const poll = { question: '¿Qué comemos hoy?', answers: ['Pizza', 'Sushi'] };
  expect(languages.of({ ...written, poll }, ana, 'en-US').code).toBe('es');
});

test('who writes in one language again and again has also their laughter in it, and nobody else has', () => {
  const languages = new LineLanguages();
  languages.of('ich komme gleich', ana, 'en-US', true);
  expect(languages.of('xD', ana, 'en-US').code).toBe('en');
  languages.of('bin wieder da', ana, 'en-US', true);
  expect(languages.of('xD', ana, 'en-US').code).toBe('de');
  expect(languages.of('xD', ben, 'en-US').code).toBe('en');
  expect(languages.of('xD', { ...ana, guildId: 'other' }, 'en-US').code).toBe('en');
  languages.of('see you tomorrow', ana, 'en-US', true);
  expect(languages.of('xD', ana, 'en-US').code).toBe('en');
});

test('Chinese characters alone are Japanese where Japanese is written', () => {
  const languages = new LineLanguages();
  expect(languages.of('了解', ana, 'en-US').code).toBe('zh');
  expect(languages.of('了解', ana, 'ja').code).toBe('ja');
  languages.of('わかった', ben, 'en-US', true);
  expect(languages.of('了解', ana, 'en-US').code).toBe('ja');
});

test('a person’s language weighs more than the channel’s, and no more than clear words', () => {
  const languages = new LineLanguages();
  for (const text of ['where are you', 'what are you doing', 'this is great', 'i like it'])
    languages.of(text, ana, 'fr', true);
  languages.of('ich weiß nicht', ben, 'fr', true);
  expect(languages.of('was', ben, 'fr').code).toBe('de');
  expect(languages.of('was', ana, 'fr').code).toBe('en');
  expect(languages.of('muchas gracias', ana, 'fr').code).toBe('es');
});

test('what was written an hour ago is forgotten', () => {
  let now = 1;
  const recent = new RecentLanguages(() => now);
  recent.note(ana, 'de');
  recent.note(ana, 'de');
  expect(recent.habit(ana)).toBe('de');
  now += 3_700_000;
  expect(recent.habit(ana)).toBeUndefined();
  expect([...recent.leanings(ana, 'en').keys()]).toEqual(['en']);
});
