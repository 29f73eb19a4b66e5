import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { readable, readableLog } from '../../src/terminal/readable-log.ts';

const TIME = /^\d\d:\d\d:\d\d /;
const at = (line: object) => readable(JSON.stringify({ time: '2026-11-28T20:15:03.000Z', ...line }));

/** What the logger writes for people. */
function written(
  use: (log: ReturnType<typeof createLog>) => void,
  secrets: string[] = [],
  colours = false,
): string {
  let text = '';
  const write = (piece: string) => ((text += piece), true);
  use(createLog('trace', secrets, readableLog({ write, hasColors: () => colours })));
  return text;
}

test('a line has the time of day, the message and the fields; only what is no info has its level', () => {
  expect(at({ level: 'info', msg: 'connected to Discord', guilds: 3, shards: 1 })).toMatch(
    /^\d\d:\d\d:\d\d {7}connected to Discord guilds=3 shards=1\n$/,
  );
  expect(at({ level: 'warn', msg: 'slow', ms: 210 })).toMatch(/^\d\d:\d\d:\d\d WARN {2}slow ms=210\n$/);
  expect(at({ level: 'error', msg: 'bad' })).toMatch(/^\d\d:\d\d:\d\d ERROR bad\n$/);
});

test('values: a word as it is, all else as JSON', () => {
  const line = at({ level: 'info', msg: 'm', a: 'one', b: 'two words', c: { d: [1] }, e: null, f: '' });
  expect(line).toContain(' m a=one b="two words" c={"d":[1]} e=null f=""\n');
});

test('an error is its message and code; its stack stands below where it is needed', () => {
  const error = Object.assign(new RangeError('Missing Access'), { code: 50_001 });
  const warned = written(log => log.warn({ err: error }, 'not sent'));
  expect(warned.split('\n')).toHaveLength(2);
  expect(warned).toMatch(/not sent error="Missing Access" code=50001\n$/);
  const caused = new Error('above', { cause: error });
  expect(written(log => log.warn({ err: caused }, 'm'))).toMatch(/ m error=above cause="Missing Access"\n$/);
  const failed = written(log => log.error({ err: error }, 'not sent')).split('\n');
  expect(failed[0]).toMatch(/not sent error="Missing Access" code=50001$/);
  expect(failed[1]).toMatch(/^ {4}at .*readable-log\.test\.ts/);
});

test('no secret comes through, quoted ones neither', () => {
  const secrets = ['canary.token', 'canary-"quoted"-key'];
  const text = written(log => {
    log.info({ note: `x ${secrets[0]}`, other: secrets[1], text: 'canary' }, `y ${secrets[1]}`);
    log.error({ err: new Error(secrets[1]) }, 'failed');
  }, secrets);
  expect(text).not.toContain('canary');
  expect(text.match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(5);
});

test('colours are used where the terminal has them, and nowhere else', () => {
  const warn = (log: ReturnType<typeof createLog>) => log.warn({ a: 1 }, 'careful');
  expect(written(warn, [], true)).toContain('\u001b[33mcareful\u001b[0m');
  expect(written(warn)).not.toContain('\u001b');
});

test('whatever is logged is one line, without characters that move a cursor', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (message, value) => {
      const line = written(log => log.info({ value }, message.replaceAll('%', '')));
      expect(line).toMatch(TIME);
      expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}]/u);
      expect(line.endsWith('\n')).toBe(true);
    }),
  );
});

test('what is no line of the log stays as it is', () => {
  expect(readable('plain words\n')).toBe('plain words\n');
  expect(readable('[1]\n')).toBe('[1]\n');
});
