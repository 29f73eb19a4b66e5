import type { Voice } from '../../src/fish/voices.ts';
import { entryOf, ranked } from '../../src/voices/ranking.ts';
import { libraryVoices } from '../sandbox/fish/library-voices.ts';
import { median, ms, type Row } from './figures.ts';

/** Voices are offered while somebody types: every key ranks the whole library. */

const COUNT = 4_000;
const ROUNDS = 20;
const TYPED = ['c', 'calm narrator', 'clam naratr', 'energtic german hsot', '静か', '', 'zzzzzzzz'];

function manyVoices(): Voice[] {
  const known = libraryVoices('http://localhost');
  const words = [...new Set(known.flatMap(({ title }) => title.split(' ')))];
  return Array.from({ length: COUNT }, (_, n) => {
    const { languages = [], tags = [] } = known[n % known.length] ?? {};
    const title = [n, n * 7, n * 13].map(at => `${words[at % words.length] ?? ''}${at % 97}`).join(' ');
    return { id: title, title, languages, tags, likes: n, isPublic: true, lines: [], cover: null };
  });
}

export function libraryRows(): Row[] {
  const entries = manyVoices().map(entryOf);
  const took = (typed: string) => {
    const from = performance.now();
    ranked(entries, typed);
    return performance.now() - from;
  };
  const each = TYPED.map(typed => median(Array.from({ length: ROUNDS }, () => took(typed))));
  return [
    {
      id: 'B15',
      what: `${COUNT} voices ranked for what somebody has typed, slowest of ${TYPED.length} (medians)`,
      ours: ms(Math.max(...each)),
      beside: `nothing typed: ${ms(each[TYPED.indexOf('')] ?? Number.NaN)}`,
      target: '≤ 20 ms',
      met: Math.max(...each) <= 20,
    },
  ];
}
