import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { allSpeak, startManyGuilds } from '../support/many-guilds.ts';
import { median, type Row, times } from './figures.ts';
import { spoken } from './speaking-run.ts';

const GUILDS = 60;
const ROUNDS = 2;
const IDLE_MS = 4_000;
/** About ten seconds. */
const WORDS = 'The quick brown fox jumps over the lazy dog, and nobody minds it in the least. '.repeat(2);
const TARGET = 2.2;
/** Linux counts the processor time of processes in these. */
const TICK_MS = 10;
const UTIME_AT = 11;
const STIME_AT = 12;

/** User and system time of a process so far, in ms. */
function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME_AT]) + Number(fields[STIME_AT])) * TICK_MS;
}

/**
 * B4: the processor time of a packet in the whole bot: chat, Fish Audio's sockets, Ogg, clock, encryption, a log and a
 * database, with Discord and Fish Audio in another process. Beside it, in the same run, the floor of sending alone.
 */
export async function wholeRows(): Promise<Row[]> {
  const cpuUs: number[] = [];
  let [gaps, whole, idle] = [0, 0, 0];
  {
    await using many = await startManyGuilds(GUILDS);
    const { pid } = many.stage.bot;
    await allSpeak(many, 'Everybody speaks'); // what is compiled and opened once is not measured
    const before = cpuMsOf(pid);
    await sleep(IDLE_MS);
    idle = (cpuMsOf(pid) - before) / IDLE_MS;
    for (let round = 0; round < ROUNDS; round += 1) {
      const from = cpuMsOf(pid);
      const heard = await allSpeak(many, `${round + 1}. ${WORDS}`); // what is said again may come from memory
      const used = cpuMsOf(pid) - from;
      const packets = many.places.reduce((sum, { listener }) => sum + listener.heard.length, 0);
      cpuUs.push((used * 1_000) / packets);
      gaps += heard.gaps;
      whole += heard.whole;
    }
  }
  const floor = await spoken({ speaker: 'floor', guilds: GUILDS, dave: true });
  const library = await spoken({ speaker: 'stock', guilds: GUILDS, dave: true });
  const own = median(cpuUs);
  return [
    {
      id: 'B4',
      what: `CPU of a packet in the whole bot, ${GUILDS} guilds speaking, end-to-end encrypted`,
      ours: `${own.toFixed(1)} µs a packet (${times(own / floor.cpuUs)} the floor of sending), ${whole} of ${GUILDS * ROUNDS} lines whole, ${gaps} gaps within a line; idle ${(idle * 100).toFixed(1)} % of a core`,
      beside: `sending alone: the floor ${floor.cpuUs.toFixed(1)} µs, @discordjs/voice as it is ${library.cpuUs.toFixed(1)} µs`,
      target: `≤ ${TARGET}× the floor, every line whole`,
      met: own <= TARGET * floor.cpuUs && whole === GUILDS * ROUNDS,
      figures: { floor: floor.cpuUs, ours: own, '@discordjs/voice': library.cpuUs },
    },
  ];
}
