import type { GuildMember, VoiceBasedChannel } from 'discord.js';
import { expect, test } from 'vitest';
import { OwnArrivals } from '../../../src/discord/presence/own-arrivals.ts';
import { createLog } from '../../../src/log.ts';
import type { Session } from '../../../src/speech/session.ts';
import { until } from '../../support/until.ts';

test('where an arrival cannot be told, the bot is there all the same, and its process goes on', async () => {
  const logged: string[] = [];
  const session = { channelId: 'voice', joined: Promise.resolve() } as Session;
  const arrivals = new OwnArrivals({
    calls: { enter: () => session, session: () => undefined },
    dismissals: { since: () => false },
    store: {
      guild() {
        throw new Error('a fault of the test');
      },
    },
    notices: { inChannel: async () => true, post: async () => null },
    message: () => ({ text: '', rows: [] }),
    log: createLog('error', [], { write: (line: string) => void logged.push(line) }),
  });
  const channel = { id: 'voice', guild: { id: 'guild' } } as VoiceBasedChannel;
  const member = { guild: channel.guild } as GuildMember;
  // A rejection that nobody handles fails the test, as it would end the process.
  expect(arrivals.come(channel, { member, channelId: 'text' })).toBe(session);
  await until('the fault is logged', () => logged.some(line => line.includes('a fault of the test')));
});
