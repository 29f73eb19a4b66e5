import { median, ms, type Row, times } from './figures.ts';
import type { Speaker } from './speaking-probe.ts';
import { type Spoken, spoken } from './speaking-run.ts';

const GUILDS = 60;
const REPEATS = 3;
const TARGETS = { plain: 0.4, dave: 0.5 };

const middle = (all: readonly Spoken[], of: (one: Spoken) => number) => median(all.map(of));

const inWords = (all: readonly Spoken[]) =>
  `${middle(all, one => one.cpuUs).toFixed(1)} µs a packet, ${middle(all, one => one.rate).toFixed(2)} packets/s, jitter p50 ${ms(middle(all, one => one.jitterP50Ms))}`;

/**
 * B3: the processor time of a packet at 60 guilds that speak, from the packet in hand to the datagram, beside the voice
 * library as it is and beside the floor, in turns, with an observer in another process.
 */
export async function speakingRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const dave of [false, true]) {
    const all: Record<Speaker, Spoken[]> = { ours: [], stock: [], floor: [] };
    for (let repeat = 0; repeat < REPEATS; repeat += 1)
      for (const speaker of ['ours', 'stock', 'floor'] as const)
        all[speaker].push(await spoken({ speaker, guilds: GUILDS, dave }));
    const cpu = (speaker: Speaker) => middle(all[speaker], one => one.cpuUs);
    const share = cpu('ours') / cpu('stock');
    const target = dave ? TARGETS.dave : TARGETS.plain;
    rows.push({
      id: 'B3',
      what: `CPU of a packet, ${GUILDS} guilds speaking, ${dave ? 'end-to-end encrypted' : 'without DAVE'}`,
      ours: inWords(all.ours),
      beside: `@discordjs/voice as it is: ${inWords(all.stock)} (${times(share)}); the floor: ${inWords(all.floor)} (${times(cpu('ours') / cpu('floor'))})`,
      target: `≤ ${target}× the library`,
      met: share <= target,
      figures: { floor: cpu('floor'), ours: cpu('ours'), '@discordjs/voice': cpu('stock') },
    });
  }
  return rows;
}
