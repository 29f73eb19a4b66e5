import type { MessageKey } from '../locale/catalogue.ts';
import type { FishTrouble } from '../speech/failures.ts';
import type { Reason } from '../speech/reasons.ts';
import type { Words } from './notices.ts';
import type { Fate } from './reader.ts';

/** What was wrong with the one line; everything else of Fish Audio's is wrong with all of them. */
const OF_THE_LINE = ['refused', 'no-audio', 'unknown-voice'] as const;

/** What `/why` says of what became of a message. */
export function whyWords(fate: Fate): Words {
  if (!isOfFish(fate)) return { key: `why.${fate}`, params: {} };
  const trouble = fate.slice('fish-'.length) as FishTrouble;
  const ofTheLine = OF_THE_LINE.find(one => one === trouble);
  if (ofTheLine) return { key: `fish.${ofTheLine}`, params: {} };
  const cause: MessageKey = `cause.${trouble}`;
  return { key: 'why.fish', params: { cause: [cause] } };
}

function isOfFish(fate: Fate): fate is Reason & `fish-${FishTrouble}` {
  return fate.startsWith('fish-');
}
