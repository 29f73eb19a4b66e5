import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLog } from '../src/log.ts';

const TOKEN = 'canary.token/with+signs=';
const KEY = 'canary-"quoted"-key';

function logInto(lines: string[], secrets: string[] = [TOKEN, KEY]) {
  return createLog('trace', secrets, { write: line => lines.push(line) });
}

/** What one event prints, parsed. */
function printed(fields: object, message = 'happened'): Record<string, unknown> {
  const lines: string[] = [];
  logInto(lines).info(fields, message);
  expect(lines).toHaveLength(1);
  return parse(lines[0]);
}

function parse(line = ''): Record<string, unknown> {
  const value: Record<string, unknown> = JSON.parse(line);
  return value;
}

test('a line is JSON with an ISO time, the name of the level, the fields and the message', () => {
  expect(printed({ guild: '42', bytes: 7, list: [1, null], big: 9n })).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    guild: '42',
    bytes: 7,
    list: [1, null],
    big: '9',
    msg: 'happened',
  });
});

test('the level is obeyed', () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  createLog('warn', [], destination).info('quiet');
  createLog('silent', [], destination).fatal('quiet');
  createLog('warn', [], destination).warn('loud');
  expect(lines).toHaveLength(1);
});

test('no secret is printed, wherever and however it is logged', () => {
  const lines: string[] = [];
  const log = logInto(lines);
  const error = new Error(`refused ${TOKEN}`, { cause: new TypeError(`header ${KEY}`) });
  log.info(`token ${TOKEN}`);
  log.info('token %s %o', TOKEN, { KEY });
  log.info({ url: `wss://gateway/?token=${encodeURIComponent(TOKEN)}`, [TOKEN]: 1, note: KEY }, 'x');
  log.info({ deep: { list: [{ any: `Bot ${TOKEN}` }] }, href: new URL(`https://a/b?key=${KEY}`) }, 'x');
  log.error(error);
  log.error({ err: error, also: new AggregateError([error], 'both') }, 'failed');
  log.child({ session: TOKEN, token: 'canary' }).info('from a child');
  log.fatal({ text: inspect(error), dump: inspect({ TOKEN, KEY }) }, inspect(error));
  const output = lines.join('');
  expect(output).not.toContain('canary');
  expect(output).toContain('[redacted]');
  for (const line of lines) expect(() => parse(line)).not.toThrow();
});

test('any secret of more than three characters is gone, even one that holds another', () => {
  const word = fc.string({ minLength: 4, maxLength: 20 }).filter(text => text.trim() === text);
  fc.assert(
    fc.property(word, word, (one, two) => {
      const lines: string[] = [];
      const log = logInto(lines, [one, one + two]);
      log.info({ note: `<${one}${two}>`, list: [one] }, one);
      expect(parse(lines[0])).toMatchObject({
        note: '<[redacted]>',
        list: ['[redacted]'],
        msg: '[redacted]',
      });
    }),
  );
});

test('fields that tell by their name are hidden at any depth: secrets that come later, and what was said', () => {
  const line = printed({
    authorization: 'canary',
    session: { token: 'canary', ready: { secret_key: [1, 2], secretKey: [3], mode: 'aes' } },
    message: { id: '1', content: 'canary' },
  });
  expect(line).toMatchObject({
    authorization: '[redacted]',
    session: {
      token: '[redacted]',
      ready: { secret_key: '[redacted]', secretKey: '[redacted]', mode: 'aes' },
    },
    message: { id: '1', content: '[redacted]' },
  });
});

test('an error shows type, message, stack, cause and a few fields, never the request it carries', () => {
  const error = Object.assign(new RangeError('Missing Access', { cause: new Error('below') }), {
    code: 50_001,
    status: 403,
    kind: 'rest',
    phase: 'udp',
    requestBody: { json: { note: 'canary' } },
    headers: { cookie: 'canary' },
    url: 'https://discord.com/canary',
  });
  const line = printed({ err: error, other: { nested: error } });
  const shown = {
    type: 'RangeError',
    name: 'RangeError',
    message: 'Missing Access',
    code: 50_001,
    status: 403,
    kind: 'rest',
    phase: 'udp',
    stack: expect.stringContaining('log.test.ts'),
    cause: expect.objectContaining({ message: 'below' }),
  };
  expect(line['err']).toEqual(shown);
  expect(line['other']).toEqual({ nested: shown });
  expect(JSON.stringify(line)).not.toContain('canary');
});

test('objects that are not plain data show their class only; circles end', () => {
  const circle: Record<string, unknown> = { name: 'round' };
  circle['self'] = circle;
  const line = printed({
    request: new Request('https://canary.example/?canary'),
    key: Buffer.from('canary'),
    at: new Date(0),
    href: new URL('https://host.example/path?canary'),
    circle,
  });
  expect(line).toMatchObject({
    request: '[Request]',
    key: '[Buffer]',
    at: '1970-01-01T00:00:00.000Z',
    href: 'https://host.example/path',
  });
  expect(JSON.stringify(line)).not.toContain('canary');
});
