import type { Row } from './figures.ts';
import { spoken } from './speaking-run.ts';

const GUILDS = 200;
const IDLE_KB = 200;
const SPEAKING_KB = 100;

/** B10: the resident memory of a guild in a call, and what it takes more while 10 seconds of speech are in hand. */
export async function memoryRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const dave of [false, true]) {
    const own = await spoken({ speaker: 'ours', guilds: GUILDS, dave });
    const library = await spoken({ speaker: 'stock', guilds: GUILDS, dave });
    rows.push({
      id: 'B10',
      what: `memory of a guild, of ${GUILDS}, ${dave ? 'end-to-end encrypted' : 'without DAVE'}`,
      ours: `in a call ${own.idleKb.toFixed(0)} KB, speaking ${own.speakingKb.toFixed(0)} KB more (${own.usedKb.toFixed(0)} KB of it in use)`,
      beside: `@discordjs/voice as it is: ${library.idleKb.toFixed(0)} KB, speaking ${library.speakingKb.toFixed(0)} KB more`,
      target: `≤ ${IDLE_KB} KB, speaking ≤ ${SPEAKING_KB} KB more`,
      met: own.idleKb <= IDLE_KB && own.speakingKb <= SPEAKING_KB,
      figures: { idle: own.idleKb, speaking: own.speakingKb, used: own.usedKb },
    });
  }
  return rows;
}
