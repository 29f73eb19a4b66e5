import type { Row } from './figures.ts';
import { type Spoken, spoken } from './speaking-run.ts';

const CROWDS = [50, 100, 200, 400];
const PACKETS_A_MINUTE = 3_000;

/** CPU-seconds that a guild takes for a minute of speech. */
const secondsAMinute = ({ cpuUs }: Spoken) => (cpuUs * PACKETS_A_MINUTE) / 1e6;

const inWords = (one: Spoken) =>
  `${secondsAMinute(one).toFixed(3)} CPU-s a guild-minute, ${one.rate.toFixed(2)} packets/s`;

/**
 * B21: what a guild-minute of end-to-end encrypted speech costs as the crowd grows, in one process and in two: whether
 * the cost of a guild depends on how many there are.
 */
export async function slopeRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const guilds of CROWDS) {
    const one = await spoken({ speaker: 'ours', guilds, dave: true });
    const two = await spoken({ speaker: 'ours', guilds, dave: true, processes: 2 });
    rows.push({
      id: 'B21',
      what: `CPU of a guild-minute, ${guilds} guilds speaking`,
      ours: `one process: ${inWords(one)}`,
      beside: `two processes: ${inWords(two)}`,
      target: 'none: it is to be read as a slope',
      met: null,
      figures: { guilds, one: secondsAMinute(one), two: secondsAMinute(two) },
    });
  }
  return rows;
}
