import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Unsaid } from '../../src/speech/reasons.ts';
import type { FakeFish, FishFault } from '../sandbox/fish/fish.ts';
import { xorshift } from '../sandbox/fish/numbered-packets.ts';
import type { FishSession } from '../sandbox/fish/session-record.ts';
import { lineOf, type TestLine } from '../support/lines.ts';
import { type SpeechRoom, speechRoom } from '../support/speech-room.ts';
import { until } from '../support/until.ts';
import { GUILD, useVoiceScene } from '../support/voice-scene.ts';
import { faultsIn, stretchesHeard, wordsIn } from '../support/words-heard.ts';

useVoiceScene();

const GUILDS = [GUILD, '800000000000000002', '800000000000000003'];
const PEOPLE = ['ana', 'ben', 'cat', 'dan'];
const STEPS = 130;
/** So many that a word lasts a fifth of a second, as people say it; the seam knows no shorter ones. */
const PACKETS = 48;
const NUMBER = /#(\d+)/g;

const FAULTS: readonly FishFault[] = [
  { kind: 'close', code: 1011, afterEvents: 0 },
  { kind: 'close', code: 1000, afterEvents: 1 },
  { kind: 'close', code: 1005, afterEvents: 1 },
  { kind: 'close', code: 1006, afterEvents: 0 },
  { kind: 'error', afterEvents: 1 },
  { kind: 'error', afterEvents: 0, error: 'Invalid request' },
  { kind: 'finish-error', afterEvents: 1 },
  { kind: 'no-audio' },
  { kind: 'unknown-voice' },
];

/** Whole numbers below `bound`, the same for the same seed. */
function dice(seed: number) {
  let state = seed;
  return (bound: number) => ((state = xorshift(state)) >>> 0) % bound;
}

/** Things go wrong once, or `times`. */
function strike({ server, fish }: SpeechRoom, roll: (bound: number) => number): void {
  const { behaviour } = server;
  const kind = roll(FAULTS.length + 3);
  const fault = FAULTS[kind];
  if (fault) {
    behaviour.fault = fault;
    behaviour.faultTimes = 1 + roll(6);
  } else if (kind === FAULTS.length) {
    behaviour.upgrade = { status: 503, body: 'Service Unavailable', times: 1 + roll(2) };
  } else if (fish.status().inFlight === 0 && fish.status().spares > 0) {
    // Not while a socket is being opened: nobody can tell whether Fish read what was sent by one that died at once.
    server.dropIdleSockets(kind % 2 === 0 ? 'close' : 'terminate');
  }
}

/** The texts that were heard, one after another: whether to the last word, and what was wrong with the words. */
function textsHeard({ sessions }: FakeFish, packets: readonly Buffer[]) {
  const stretches = stretchesHeard(sessions, packets);
  const texts: { text: string; stretches: typeof stretches }[] = [];
  for (const stretch of stretches) {
    const text = stretch.session.text.trim();
    const last = texts.at(-1);
    if (last?.text === text) last.stretches.push(stretch);
    else texts.push({ text, stretches: [stretch] });
  }
  return texts.map(({ text, stretches: own }) => {
    const count = Math.max(
      ...sessions.filter(session => session.text.trim() === text).map(({ words }) => words.length),
    );
    const words = wordsIn(own);
    const isToEnd = words.at(-1)?.number === count - 1;
    return { text, isToEnd, first: words[0]?.number, faults: faultsIn(words, count) };
  });
}

test.each([1, 20_261_125])(
  'a day of mixed traffic, seed %i: the ledger has what Fish was sent, each line is said once, whole, in order',
  async seed => {
    const roll = dice(seed);
    const room = await speechRoom({ fish: { packets: PACKETS, packetsPerEvent: 16 } });
    const { server } = room;
    const sessions = [room.session, ...GUILDS.slice(1).map(id => room.open(id))];
    const listeners = await Promise.all(GUILDS.map(id => room.listen(id)));
    await Promise.all(sessions.map(({ joined }) => joined));
    const lines: { line: TestLine; guild: number; refused: boolean }[] = [];

    for (let step = 0; step < STEPS; step += 1) {
      await sleep(5 + roll(40));
      const guild = roll(GUILDS.length);
      const session = sessions[guild] ?? room.session;
      const what = roll(20);
      if (what < 14) {
        const userId = PEOPLE[roll(PEOPLE.length)] ?? '';
        const source = roll(2) === 0 ? 'chat' : 'command';
        const announce = roll(3) === 0 ? 'never' : 'auto';
        const line = lineOf(`Grüße #${lines.length} 🐟`, {
          userId,
          source,
          announce,
          priority: userId === 'dan',
        });
        let refused = false;
        try {
          session.conversation.say(line);
        } catch (error) {
          if (!(error instanceof Unsaid)) throw error;
          refused = true;
        }
        lines.push({ line, guild, refused });
      } else if (what < 17) strike(room, roll);
      else if (what === 17) session.conversation.skip();
      else if (what === 18) {
        const whose = PEOPLE[roll(12)];
        session.conversation.stop(whose === undefined ? undefined : [whose]);
      } else {
        room.people = room.people === 1 ? 0 : 1;
        for (const each of sessions) each.companyChanged();
      }
    }
    room.people = 1;
    for (const session of sessions) session.companyChanged();
    delete server.behaviour.fault;
    delete server.behaviour.upgrade;
    await until(
      'all are over',
      () => lines.every(({ line, refused }) => refused || line.outcomes.length > 0),
      30_000,
    );
    await until('Fish is let go', () => server.openSessions === 0);
    const numbersIn = (text: string) => [...text.matchAll(NUMBER)].map(([, number]) => Number(number));
    await until('all that was said is heard to its end', () => {
      const texts = listeners.flatMap(listener => textsHeard(server, listener.speech()));
      const heard = new Set(texts.flatMap(({ text, isToEnd }) => (isToEnd ? numbersIn(text) : [])));
      return lines.every(({ line }, id) => line.outcomes[0] !== null || heard.has(id));
    });

    // Money, in all and of each person in each server: not more than Fish was sent, nor less than it has begun to say.
    const sum = (items: readonly { bytes: number }[]) => items.reduce((all, { bytes }) => all + bytes, 0);
    const isBegun = ({ ended, firstAudioAt }: FishSession) =>
      firstAudioAt !== undefined || (ended !== 'server-closed' && ended !== 'client-closed');
    const check = (counted: number, sent: readonly FishSession[]) => {
      expect(counted).toBeLessThanOrEqual(sum(sent));
      expect(counted).toBeGreaterThanOrEqual(sum(sent.filter(isBegun)));
    };
    check(room.counted(), server.sessions);
    for (const [guild, guildId] of GUILDS.entries())
      for (const userId of PEOPLE) {
        const isTheirs = (text: string) =>
          numbersIn(text).some(id => lines[id]?.line.userId === userId && lines[id].guild === guild);
        const counted = room.ledger.filter(entry => entry.guildId === guildId && entry.userId === userId);
        const sent = server.sessions.filter(({ text }) => isTheirs(text));
        check(sum(counted), sent);
      }

    // Speech: one outcome each, and what was heard is whole, once, and in its author's order.
    const heardIds = listeners.map(listener =>
      textsHeard(server, listener.speech()).flatMap(({ text, first, faults }) => {
        const inIt = numbersIn(text);
        const whole = inIt.every(id => lines[id]?.line.outcomes[0] === null);
        if (whole) expect(faults, text).toEqual([]);
        expect(first ?? 0, 'a line begins with its first word').toBe(0);
        return inIt;
      }),
    );
    for (const [id, { line, guild, refused }] of lines.entries()) {
      expect(line.outcomes).toHaveLength(refused ? 0 : 1);
      if (line.outcomes[0] === null) expect(heardIds[guild]?.filter(heard => heard === id)).toEqual([id]);
    }
    for (const ids of heardIds)
      for (const userId of PEOPLE) {
        const own = ids.filter(id => lines[id]?.line.userId === userId);
        expect(own).toEqual(own.toSorted((a, b) => a - b));
        expect(new Set(own).size).toBe(own.length);
      }
    const fates = new Set(lines.flatMap(({ line }) => line.outcomes));
    // Which of the faults cost a line depends on when they strike, and so on the machine.
    expect([...fates]).toEqual(expect.arrayContaining([null, 'skipped']));
  },
  90_000,
);
