import { expect, test } from 'vitest';
import { Asker, type AskerOptions } from '../../../src/discord/ask/asker.ts';
import { GuildTurns } from '../../../src/discord/guild-turns.ts';
import type { AnyInteraction } from '../../../src/discord/interaction/interaction.ts';
import type { LineMaker } from '../../../src/discord/lines/line-maker.ts';
import { translator } from '../../../src/locale/catalogue.ts';
import { createLog } from '../../../src/log.ts';
import type { GuildRecord } from '../../../src/store/store.ts';

test('an answer of which the words cannot be made fails, and the next question of the channel is answered', async () => {
  const fault = { comes: true };
  const lineMaker = {
    languageOf: () => 'en',
    speakable(_guild: unknown, _record: unknown, _channel: unknown, text: string) {
      if (fault.comes) throw new Error('a fault of the test');
      return { text };
    },
  } as unknown as LineMaker;
  const model: AskerOptions['model'] = {
    trouble: null,
    hasAnswered: false,
    async *answer() {
      yield 'It is a bird. It speaks.';
    },
  };
  const record = { known: true, settings: { ask: true, askRole: null } } as GuildRecord;
  const asker = new Asker({
    model,
    store: { guild: async () => record, problem: null },
    calls: {
      enter() {
        throw new Error('nobody is in a voice channel');
      },
    },
    lineMaker,
    lineTurns: new GuildTurns(),
    tell: async () => {},
    log: createLog('silent', []),
  });
  const interaction = {
    guildId: 'guild',
    channelId: 'channel',
    guild: { voiceStates: { cache: new Map() } },
    member: {},
    user: { id: 'ana' },
    replied: false,
    deferred: false,
  } as unknown as AnyInteraction;
  const ask = () => asker.ask(interaction, 'What is a parrot?', translator('en-US'));
  const both = [ask().catch(() => 'failed')];
  both.push(ask().catch(() => 'failed'));
  // A rejection that nobody handles fails the test, as it would end the process.
  await both[0];
  fault.comes = false;
  await both[1];
  expect(await ask()).toContain('It speaks.');
});
