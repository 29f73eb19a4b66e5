import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { Circuit } from '../../src/fish/circuit.ts';
import { FishError } from '../../src/fish/errors.ts';
import type { Fish } from '../../src/fish/fish.ts';
import { VoiceHealth } from '../../src/fish/voice-health.ts';
import { Budget } from '../../src/speech/budget.ts';
import { SpeechCache } from '../../src/speech/cache.ts';
import { Conversation } from '../../src/speech/conversation.ts';
import { SpeechTally } from '../../src/speech/tally.ts';
import { lineOf } from '../support/lines.ts';

afterEach(() => void vi.useRealTimers());

const log = pino({ level: 'silent' });

/** An outage in band, in which one line has been trying Fish Audio since ten seconds after its beginning. */
function outageInBand() {
  const circuit = new Circuit({
    timings: { failingMs: 0, heldUpMs: 10_000, probeMs: 10_000, slowProbeMs: 10_000 },
    probe: () => Promise.resolve(),
    onOver: () => {},
    log,
  });
  return {
    circuit,
    begin: async () => {
      const { signal } = new AbortController();
      for (let line = 0; !circuit.outage; line += 1)
        (await circuit.enter(`Line ${line}.`, signal)).failed(new FishError('server', 'Fish is not well'));
      await vi.advanceTimersByTimeAsync(10_000);
      return await circuit.enter('Try.', signal);
    },
  };
}

test('in an outage each line that was let in is given up after 20 s, also the late ones', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const { circuit, begin } = outageInBand();
  const ledger = { add: () => {}, todayIsKnown: () => true, guildToday: () => 0, usdToday: () => 0 };
  using cache = new SpeechCache();
  const conversation = new Conversation({
    guildId: 'a guild',
    fish: { circuit } as Fish,
    budget: new Budget({ ledger, dailyUsd: 10, usdPerMillionBytes: 15 }),
    voiceHealth: new VoiceHealth(),
    tally: new SpeechTally(log),
    cache,
    log,
    place: () => 'a voice channel',
    over: () => false,
    listened: () => true,
    hindrance: () => 'muted', // so that each line waits
    reached: () => true,
    onQuiet: () => {},
    notify: () => {},
    onPlayerFault: () => {},
    onTrouble: () => {},
  });
  const lines = ['One.', 'Two.', 'Three.', 'Four.'].map(text => lineOf(text, { userId: text }));
  const say = (at: number) => {
    const line = lines[at];
    if (line) conversation.say(line);
  };
  const dropped = () => lines.map(({ outcomes }) => outcomes[0]);
  say(0);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(dropped()).toEqual([undefined, undefined, undefined, undefined]);
  const trying = await begin();
  say(1);
  await vi.advanceTimersByTimeAsync(11_000);
  expect(dropped()).toEqual(['fish-trouble', undefined, undefined, undefined]);
  say(2);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(dropped()).toEqual(['fish-trouble', 'fish-trouble', undefined, undefined]);
  await vi.advanceTimersByTimeAsync(11_000);
  expect(dropped()).toEqual(['fish-trouble', 'fish-trouble', 'fish-trouble', undefined]);
  say(3);
  await vi.advanceTimersByTimeAsync(15_000);
  trying.succeeded();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(dropped()).toEqual(['fish-trouble', 'fish-trouble', 'fish-trouble', undefined]);
  conversation.close('left');
});
