import { ms, type Row } from './figures.ts';
import { type Spoken, spoken } from './speaking-run.ts';

/** How many guilds the bot has to speak in on one core, and how many the library was seen to manage. */
const CROWDS = [
  { dave: false, ours: 800, stock: 300 },
  { dave: true, ours: 500, stock: 250 },
] as const;
const FULL_RATE = 50;
const MIN_RATE = 0.995 * FULL_RATE;
/** So much more jitter (p99) than a bare timer of the same moment may there be. */
const SPARE_JITTER_MS = 5;
const MAX_JITTER_P50_MS = 1;
/** A control that is further off says that the machine was too busy to judge a time by. */
const CALM_CONTROL_MS = 5;

const inWords = (one: Spoken) =>
  `${one.rate.toFixed(2)} packets/s, ${(one.load * 100).toFixed(0)} % of a core, ${one.cpuUs.toFixed(1)} µs a packet, jitter p50 ${ms(one.jitterP50Ms)} p99 ${ms(one.jitterP99Ms)}, control p99 ${ms(one.controlP99Ms)}`;

/** How many guilds a core has time for, if each packet costs what it cost here and nothing else ran. */
const wouldFit = ({ cpuUs }: Spoken) => 1e6 / (FULL_RATE * cpuUs);

/** B5: so many guilds speak on one core. B6: how far the packets of a guild are from 20 ms apart. */
export async function crowdRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { dave, ours: guilds, stock } of CROWDS) {
    const own = await spoken({ speaker: 'ours', guilds, dave });
    const library = await spoken({ speaker: 'stock', guilds: stock, dave });
    const calm = own.controlP99Ms <= CALM_CONTROL_MS;
    const even = own.jitterP99Ms <= own.controlP99Ms + SPARE_JITTER_MS;
    const how = dave ? 'end-to-end encrypted' : 'without DAVE';
    rows.push({
      id: 'B5',
      what: `${guilds} guilds speaking on one core, ${how}`,
      ours: inWords(own),
      beside: `@discordjs/voice as it is, ${stock} guilds: ${inWords(library)}`,
      target: `rate ≥ ${MIN_RATE.toFixed(2)}, less than a core, p99 ≤ control + ${SPARE_JITTER_MS} ms`,
      met: own.rate >= MIN_RATE && own.load < 1 && even ? true : calm ? false : null,
      figures: { ours: wouldFit(own), '@discordjs/voice': wouldFit(library) },
    });
    rows.push({
      id: 'B6',
      what: `jitter of ${guilds} guilds, ${how}`,
      ours: `p50 ${ms(own.jitterP50Ms)}, p99 ${ms(own.jitterP99Ms)}`,
      beside: `@discordjs/voice as it is, ${stock} guilds: p50 ${ms(library.jitterP50Ms)}; control p99 ${ms(own.controlP99Ms)}`,
      target: `p50 ≤ ${MAX_JITTER_P50_MS} ms up to 500`,
      met: own.jitterP50Ms <= MAX_JITTER_P50_MS ? true : calm ? false : null,
    });
  }
  return rows;
}
