import type { MessageKey } from '../locale/catalogue.ts';
import type { FishTrouble } from '../speech/failures.ts';
import type { Hindrance } from '../speech/floor.ts';
import type { Reason } from '../speech/reasons.ts';
import type { Words } from './notices.ts';
import type { Fate } from './why.ts';

/** What was wrong with the one line; everything else of Fish Audio's is wrong with all of them. */
const OF_THE_LINE = ['refused', 'no-audio', 'unknown-voice'] as const;

/** What `/why` says of what became of a message. `hindrance`: why nobody would hear the bot in that server now. */
export function whyWords(fate: Fate, hindrance: Hindrance | null = null): Words {
  if (fate === 'waiting' && hindrance)
    return { key: 'why.held', params: { why: [`hindrance.${hindrance}`] } };
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
