import { DiscordAPIError, HTTPError } from 'discord.js';
import { expect, test } from 'vitest';
import { commands } from '../../../commands/index.ts';
import { fingerprint, untilRegistered } from '../../../src/discord/gateway/register.ts';
import { createLog } from '../../../src/log.ts';

const ours = commands.map(command => command.data);

/** The commands as Discord returns them: with ids, versions and defaults that nobody sent. */
function stored(sent: readonly object[]): object[] {
  return structuredClone(sent)
    .map((command, index) => ({
      id: `10${index}`,
      application_id: '1',
      version: `20${index}`,
      type: 1,
      nsfw: false,
      dm_permission: false,
      default_member_permissions: null,
      name_localizations: null,
      description: '',
      description_localizations: null,
      ...command,
    }))
    .toReversed();
}

test('what Discord adds by itself and the order of commands change nothing', () => {
  expect(fingerprint(stored(ours))).toBe(fingerprint(ours));
});

test('any change of content is a change', () => {
  const [first, ...rest] = structuredClone(ours);
  if (!first) throw new Error('no commands');
  expect(fingerprint([{ ...first, description: 'Another' }, ...rest])).not.toBe(fingerprint(ours));
  expect(fingerprint(rest)).not.toBe(fingerprint(ours));
  expect(fingerprint([{ ...first, options: [] }, ...rest])).not.toBe(fingerprint(ours));
});

test('names keep to what Discord takes', () => {
  for (const data of ours) {
    if ('description' in data) expect(data.name).toMatch(/^[-_\p{Ll}\p{N}]{1,32}$/u);
    else expect(data.name.length).toBeLessThanOrEqual(32);
  }
});

test('commands are registered when Discord answers again, and not again when it refuses them', async () => {
  const log = createLog('silent', []);
  let tries = 0;
  const answer = await untilRegistered(
    async () => {
      tries += 1;
      if (tries === 1) throw new TypeError('fetch failed');
      if (tries === 2) throw new HTTPError(503, 'Service Unavailable', 'GET', '/', {});
      return tries;
    },
    log,
    1,
  );
  expect(answer).toBe(3);
  const refused = new DiscordAPIError(
    { code: 50035, message: 'Invalid Form Body' },
    50035,
    400,
    'PUT',
    '/',
    {},
  );
  const refusing = untilRegistered(() => Promise.reject(refused), log, 1);
  await expect(refusing).rejects.toBe(refused);
});
