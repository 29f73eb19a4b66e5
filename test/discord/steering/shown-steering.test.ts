import { setTimeout as sleep } from 'node:timers/promises';
import type { Guild } from 'discord.js';
import { expect, test } from 'vitest';
import { ShownSteering } from '../../../src/discord/steering/shown-steering.ts';
import { translator } from '../../../src/locale/catalogue.ts';
import { createLog } from '../../../src/log.ts';
import { until } from '../../support/until.ts';

test('after a fault in bringing the message up to date, the next act is shown', async () => {
  const edited: string[] = [];
  const fault = { comes: true };
  const shown = new ShownSteering({
    calls: { placesFor: () => [], session: () => undefined },
    notices: {
      async edit(_guild, { id }) {
        if (fault.comes) throw new Error('a fault of the test');
        edited.push(id);
        return true;
      },
      post: async () => null,
    },
    log: createLog('silent', []),
  });
  const guild = { id: 'guild', preferredLocale: 'en-US' } as Guild;
  shown.below(guild, 'text', translator('en-US')).onShown?.({ id: 'message', channelId: 'channel' });
  // A rejection that nobody handles fails the test, as it would end the process.
  shown.skipped(guild, 'ana');
  await sleep(0);
  fault.comes = false;
  shown.skipped(guild, 'ana');
  await until('it is shown', () => edited.length > 0);
  expect(edited).toEqual(['message']);
});
