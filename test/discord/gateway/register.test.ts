import { expect, test } from 'vitest';
import { commands } from '../../../commands/index.ts';
import { fingerprint } from '../../../src/discord/gateway/register.ts';

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
