import { fileURLToPath } from 'node:url';
import { answerOf, startChild } from './child.ts';
import { ms, type Row, times } from './figures.ts';
import type { PaceAnswer, PaceRequest } from './pace-probe.ts';

/**
 * B17: the clock of packets beside the library's, in a process of its own each, in turns: packets a second and guild,
 * how far packets are from 20 ms apart, CPU a packet, at 50 and at 200 guilds that speak. The control of the machine
 * is a bare 20 ms timer in the same process.
 */

const PROBE = fileURLToPath(new URL('./pace-probe.ts', import.meta.url));
const CROWDS = [50, 200];
const TURNS = 3;

async function probe(request: PaceRequest): Promise<PaceAnswer> {
  const child = startChild(PROBE);
  try {
    child.send(request);
    return await answerOf<PaceAnswer>(child);
  } finally {
    child.kill();
  }
}

/** The median turn, by jitter. */
function middle(answers: readonly PaceAnswer[]): PaceAnswer {
  const sorted = answers.toSorted((a, b) => a.jitterP50Ms - b.jitterP50Ms);
  const found = sorted[Math.floor(sorted.length / 2)];
  if (!found) throw new Error('no turn');
  return found;
}

const figures = (one: PaceAnswer) =>
  `${one.rate.toFixed(2)} packets/s, jitter p50 ${ms(one.jitterP50Ms)} p99 ${ms(one.jitterP99Ms)}, ${one.cpuUs.toFixed(1)} µs CPU a packet, control p99 ${ms(one.controlP99Ms)}`;

export async function paceRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const guilds of CROWDS) {
    const ours: PaceAnswer[] = [];
    const library: PaceAnswer[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      ours.push(await probe({ guilds, clock: 'ours' }));
      library.push(await probe({ guilds, clock: 'library' }));
    }
    const [own, other] = [middle(ours), middle(library)];
    const cpu = own.cpuUs / other.cpuUs;
    rows.push({
      id: 'B17',
      what: `pace of ${guilds} guilds that speak`,
      ours: figures(own),
      beside: `the library's clock: ${figures(other)}; CPU ${times(cpu)}`,
      target: 'rate ≥ 0.98×, CPU ≤ 1.2× the library’s',
      met: own.rate >= 0.98 * other.rate && cpu <= 1.2,
    });
  }
  return rows;
}
