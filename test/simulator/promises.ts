import type { Breach, Evidence } from './evidence.ts';
import { apart } from './promises/apart.ts';
import { calm } from './promises/calm.ts';
import { databaseTold } from './promises/database.ts';
import { heardOrTold } from './promises/heard.ts';
import { alive } from './promises/life.ts';
import { counted } from './promises/money.ts';
import { inOrder } from './promises/order.ts';
import { silenced } from './promises/silent.ts';
import { toldOnce, unspent } from './promises/unheard.ts';

type Check = (evidence: Evidence) => Breach[];

const IN_EACH_RUN: readonly Check[] = [alive, heardOrTold, inOrder, apart, silenced, unspent, databaseTold];
/** By what was counted since the bot was first started. */
const IN_A_LIFE: readonly Check[] = [counted, calm, toldOnce];

/** All that was promised and not kept. `partly`: other runs went before it in the same scene. */
export function breachesOf(evidence: Evidence, { partly = false }: { partly?: boolean } = {}): Breach[] {
  const checks = partly ? IN_EACH_RUN : [...IN_EACH_RUN, ...IN_A_LIFE];
  return checks.flatMap(check => check(evidence));
}
