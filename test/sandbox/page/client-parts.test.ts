import { expect, test } from 'vitest';
import { factsOf, packetsText, summaryOf, timeText } from './client/line-words.ts';
import { blocks, inline } from './client/markdown.ts';
import { suggestedMentions, withIds, withNames } from './client/mentions.ts';
import { schedule } from './client/schedule.ts';
import { readSoundFrame } from './client/sound-frame.ts';
import { readyValues, typedCommand } from './client/typed-command.ts';
import { runs, waveform } from './client/waveform.ts';
import type { Command, CommandOption, Line } from './protocol.ts';
import { soundFrame } from './sound-frame.ts';

const option = (name: string, more: Partial<CommandOption> = {}): CommandOption => ({
  name,
  description: { text: name, translated: {} },
  type: 3,
  required: false,
  autocomplete: false,
  choices: [],
  channelTypes: [],
  least: null,
  most: null,
  ...more,
});
const command = (name: string, ...options: CommandOption[]): Command => ({
  name,
  label: { text: name, translated: {} },
  description: { text: name, translated: {} },
  kind: 'chat',
  options,
  seenBy: [],
});

test('a packet is read as it was framed', () => {
  const packet = { at: 0, userId: '', sequence: 0, timestamp: 0, opus: Buffer.of(1, 2, 3) };
  const frame = soundFrame({ ...packet, silence: false, endToEnd: true }, 70_000, 200);
  const bytes = new Uint8Array(frame).buffer;
  expect(readSoundFrame(bytes)).toEqual({
    silence: false,
    endToEnd: true,
    level: 200,
    line: 70_000,
    opus: new Uint8Array([1, 2, 3]),
  });
});

test('sound goes on where it ends, begins a moment ahead, and wins back in pauses what it is late', () => {
  expect(schedule(2, 1.9, false)).toBe(2);
  expect(schedule(1, 1.9, true)).toBeCloseTo(1.96);
  expect(schedule(9, 1.9, false)).toBe(9);
  expect(schedule(9, 1.9, true)).toBeNull();
  expect(schedule(12, 1.9, false)).toBeNull();
});

test('a typed command is the longest that fits', () => {
  const commands = [command('voice'), command('voice set'), command('say', option('text'))];
  expect(typedCommand('/voice set x y', commands)).toMatchObject({
    command: { name: 'voice set' },
    rest: 'x y',
  });
  expect(typedCommand('/say text: Hello', commands)).toMatchObject({ rest: 'Hello' });
  expect(typedCommand('/say the text: Hello', commands)).toMatchObject({ rest: 'the text: Hello' });
  expect(typedCommand('/voices', commands)).toBeNull();
  expect(typedCommand('say hello', commands)).toBeNull();
});

test('a command is sent as typed where words are all that it needs', () => {
  const text = option('text', { required: true });
  expect(readyValues(command('skip'), '')).toEqual({});
  expect(readyValues(command('say', text, option('voice')), 'Hello')).toEqual({ text: 'Hello' });
  expect(readyValues(command('say', text), '')).toBeNull();
  expect(readyValues(command('set', option('voice', { autocomplete: true })), 'x')).toBeNull();
  expect(readyValues(command('clone', text, option('audio', { required: true, type: 11 })), 'x')).toBeNull();
});

test('marks of Discord become parts, and code stays as it is', () => {
  expect(inline('**Hi** <@1> in <#2>, `**x**`')).toEqual([
    { is: 'strong', of: ['Hi'] },
    ' ',
    { is: 'person', id: '1' },
    ' in ',
    { is: 'channel', id: '2' },
    ', ',
    { is: 'code', of: ['**x**'] },
  ]);
  expect(inline('see [this](https://a.example/b) <t:60:R>')).toEqual([
    'see ',
    { is: 'link', to: 'https://a.example/b', of: ['this'] },
    ' ',
    { is: 'time', seconds: 60, style: 'R' },
  ]);
  expect(inline('***both*** \\*none\\*, https://a.example/x.')).toEqual([
    { is: 'strong', of: [{ is: 'em', of: ['both'] }] },
    ' ',
    '*',
    'none',
    '*',
    ', ',
    { is: 'link', to: 'https://a.example/x', of: ['https://a.example/x'] },
    '.',
  ]);
  expect(inline('[no](javascript:alert)')).toEqual(['[no](javascript:alert)']);
  expect(blocks('## Title\n-# small\n> said\n- one\n```js\na\n```')).toEqual([
    { is: 'heading', level: 2, of: ['Title'] },
    { is: 'subtext', of: ['small'] },
    { is: 'quote', of: ['said'] },
    { is: 'item', of: ['one'] },
    { is: 'pre', of: ['a'] },
  ]);
  expect(blocks('one\n\ntwo\n')).toEqual([
    { is: 'p', of: ['one'] },
    { is: 'gap', of: [] },
    { is: 'p', of: ['two'] },
  ]);
});

test('names become ids in what is sent, and names again for its author', () => {
  const someone = (id: string, name: string) => ({ id, name, bot: false, locale: 'en-US', voice: null });
  const channel = (id: string, name: string) => ({ id, name, type: 0, voice: false, status: null });
  const names = {
    people: [someone('1', 'Ben'), someone('2', 'Ben Nevis'), someone('3', 'A.*(')],
    channels: [channel('4', 'general')],
    roles: [
      { id: '5', name: 'DJ' },
      { id: '6', name: '@everyone' },
    ],
  };
  const written = '@Ben and @Ben Nevis, not ben@Ben or @Benny; @DJ in #general, @A.*( @everyone';
  const sent = '<@1> and <@2>, not ben@Ben or @Benny; <@&5> in <#4>, <@3> @everyone';
  expect(withIds(written, names)).toBe(sent);
  expect(withNames(sent, names)).toBe(written);
  expect(suggestedMentions('Hi @be', names)).toEqual({ before: 'Hi ', names: ['@Ben', '@Ben Nevis'] });
  expect(suggestedMentions('#', names)).toEqual({ before: '', names: ['#general'] });
  expect(suggestedMentions('ben@be', names)).toBeNull();
});

test('a waveform has a column a packet, and of narrow packets the loudest', () => {
  const frame = { from: 0, middle: 10, half: 10 };
  expect(waveform([255, 0], { ...frame, step: 4 })).toBe(
    'M0.00 0.00h3.20v20.00h-3.20zM4.00 9.50h3.20v1.00h-3.20z',
  );
  expect(waveform([0, 255, 0, 0], { ...frame, step: 0.75 }).match(/M/gu)).toHaveLength(2);
  expect(waveform([], { ...frame, step: 4 })).toBe('');
});

test('after a pause, the waveform goes on where the line was heard again', () => {
  const pauses = [{ after: 2, ms: 520 }];
  expect(runs([1, 2, 3], { firstHeardAt: 100, pauses })).toEqual([
    { heard: [1, 2], at: 100 },
    { heard: [3], at: 640 },
  ]);
  expect(runs([1], { firstHeardAt: 100, pauses: [] })).toEqual([{ heard: [1], at: 100 }]);
});

test('a line is told in words', () => {
  const line: Line = {
    id: 1,
    cause: null,
    text: 'Hi',
    voice: 'x',
    bytes: 2,
    usd: 0,
    textAt: 12,
    firstAudioAt: 999,
    finishedAt: null,
    firstHeardAt: 1_049,
    lastHeardAt: null,
    pauses: [],
    elapsed: 1_100,
    sent: 3,
    heard: 1,
    exact: true,
    encrypted: true,
    ended: null,
    over: false,
  };
  const times = (...of: Parameters<typeof factsOf>) => factsOf(...of).map(({ value }) => value);
  expect(times(line)).toEqual(['12 ms', '999 ms', '…', '1.0 s', '…', '…']);
  expect(times({ ...line, over: true }, 70.4)).toEqual(['12 ms', '999 ms', '–', '1.0 s', '–', '1.1 s']);
  expect(summaryOf(line)).toEqual({ lock: 'lock', words: 'end-to-end encrypted', ended: '' });
  expect(summaryOf({ ...line, encrypted: false, ended: 'server-closed' })).toEqual({
    lock: 'open',
    words: 'not encrypted',
    ended: ' · Fish Audio hung up',
  });
  expect(packetsText(line)).toBe('1 of 3 packets heard, byte for byte');
  expect(packetsText({ ...line, exact: false })).toBe('1 of 3 packets heard, some are missing');
  const unheard = { ...line, heard: 0 };
  expect(summaryOf(unheard)).toMatchObject({ lock: null, words: 'nothing heard yet' });
  expect(summaryOf({ ...unheard, over: true }).words).toBe('not heard in voice');
  expect(packetsText(unheard)).toBe('3 packets');
  expect(timeText(999)).toBe('999 ms');
});
