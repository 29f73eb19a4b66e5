import type { Breach, Evidence } from './evidence.ts';
import { alive } from './promises/life.ts';
import { apart } from './promises/apart.ts';
import { calm } from './promises/calm.ts';
import { counted } from './promises/money.ts';
import { heardOrTold } from './promises/heard.ts';
import { inOrder } from './promises/order.ts';
import { silenced } from './promises/silent.ts';

const PROMISES: readonly ((evidence: Evidence) => Breach[])[] = [
  alive,
  heardOrTold,
  inOrder,
  apart,
  silenced,
  counted,
  calm,
];

/** All that was promised and not kept. */
export function breachesOf(evidence: Evidence): Breach[] {
  return PROMISES.flatMap(promise => promise(evidence));
}
