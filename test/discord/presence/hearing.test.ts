import type { Guild } from 'discord.js';
import { expect, test } from 'vitest';
import { Hearing } from '../../../src/discord/presence/hearing.ts';
import { createLog } from '../../../src/log.ts';
import type { Session } from '../../../src/speech/session.ts';
import { until } from '../../support/until.ts';

test('a fault on the way to speak on a stage costs that alone', async () => {
  const logged: string[] = [];
  const session = { hindrance: 'audience', hearingChanged() {} } as unknown as Session;
  using hearing = new Hearing({
    session: () => session,
    tell() {},
    log: createLog('error', [], { write: (line: string) => void logged.push(line) }),
  });
  const channel = {
    permissionsFor() {
      throw new Error('a fault of the test');
    },
  };
  const guild = {
    id: 'guild',
    client: { user: { id: 'bot' } },
    members: { me: {} },
    voiceStates: { cache: new Map([['bot', { channelId: 'stage', channel }]]) },
  } as unknown as Guild;
  // A rejection that nobody handles fails the test, as it would end the process.
  hearing.changed(guild);
  await until('the fault is logged', () => logged.length > 0);
  expect(logged.join('')).toContain('a fault of the test');
});
