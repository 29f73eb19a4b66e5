import { globSync, readFileSync } from 'node:fs';

/** What the bot has to bear, by number. A test of a row has "row N:" in its name; more than one may be of the same. */
export const SCORECARD: Readonly<Record<number, string>> = {
  1: 'a throw while one server’s packet is prepared: nobody else misses a frame',
  2: 'nonsense from the voice gateway: no crash, and heard again',
  3: 'Fish’s socket dies after any packet, by any code: no word lost, only the broken one twice',
  4: 'voice refused for ever: re-joins with growing pauses, an end, one notice, other servers unharmed',
  5: 'Fish slower than speech, with jitter: every frame, in order',
  6: 'kicked, rate-limited, call terminated: no re-join, queue dropped, Fish closed',
  7: 'the voice server moves in mid-speech: at most one frame lost',
  8: 'the gateway drops or forgets the session in mid-speech: speech goes on, messages are read once',
  9: 'messages told twice: said and paid for once',
  10: 'every refusal of Fish’s upgrade: the right number of tries, and people are told',
  11: 'more servers than Fish has room for: all are heard, within the limit, in turn',
  12: 'Fish stalls, sends no audio, or fails in words: one more try, one notice, and the queue moves on',
  13: 'people come and go, encryption goes and comes: frames can be decrypted',
  14: 'killed at any instant and started again: settings as answered, back in the channel, nothing said twice',
  15: 'asked to end in the middle of a sentence, once and twice: finished, left, exit code 0',
  16: 'the whole bot under seeds of faults: all promises kept',
  17: 'intents or token refused, at the log-in and later: one clear line and the right exit code',
  18: 'caps of message, person, server and day: never passed by more than the message in hand',
  19: 'ten thousand messages in ten seconds: bounded, and steerable',
  20: 'Ogg that is chained, continued, damaged, cut off, of other durations and channels: the right packets',
  21: 'fuzzed: Ogg, events, text, imports, queue',
  22: 'UDP lost while joining, at the start and in mid-speech: named, noticed, left',
  23: 'frozen sockets of gateway, voice and Fish, and peers that never close: noticed and replaced',
  24: 'the clock is set and the event loop blocked: no long silence, no flood of frames',
  25: 'secrets: in no log, error or answer, at any level',
  26: 'the database locked, full, damaged, read-only: speech goes on, people are told, it heals',
  27: 'interactions that expire, are answered twice or are limited: nothing unhandled',
  28: 'what people write is never a mention in what the bot sends',
  29: 'recordings and links from strangers: nothing is fetched from elsewhere, limits hold',
  30: 'an outage of a server, and a real goodbye: settings kept, or deleted in time',
  31: 'fifty servers speak at once',
  32: 'hours of random faults: memory, sockets and timers do not grow',
  33: 'two processes on one database or one token: the second ends, the first goes on',
  34: 'Discord’s REST is down at the start, resumes are refused: few log-ins, and what is left is told',
  35: 'skip, stop and leave in any moment: silent at once, nothing stale, nothing paid after',
  36: 'bad configurations: every problem at once, the right exit code, no value echoed',
  37: 'the container: read-only, no privileges; starts, or says in one line why not',
  38: 'stages, missing permissions, full channels, channels that go away: a reason, and no stuck state',
  39: 'everybody leaves in the middle of a line: Fish is closed, and the bot leaves in time',
  40: 'every handler throws once: nothing unhandled, no dead server',
};

/** In a test’s name: "row 3: …", "rows 1, 2 and 24: …". Such words stand nowhere else in a test file. */
const ROWS = /['"`](?:[^'"`\n]*\s)?rows? (\d+(?:, \d+)*(?: and \d+)?):/g;

/** The files whose tests cover each row, by number. */
export function testsByRow(): Map<number, string[]> {
  const root = `${import.meta.dirname}/..`;
  const found = new Map<number, string[]>(Object.keys(SCORECARD).map(row => [Number(row), []]));
  for (const path of globSync('test/**/*.test.ts', { cwd: root })) {
    if (path.endsWith('scorecard.test.ts')) continue; // it has names of rows as examples
    for (const row of rowsIn(readFileSync(`${root}/${path}`, 'utf8'))) found.get(row)?.push(path);
  }
  return found;
}

/** The rows that the names of tests in a source text name. */
export function rowsIn(source: string): number[] {
  return Array.from(source.matchAll(ROWS), ([, rows = '']) => rows.split(/, | and /).map(Number)).flat();
}
