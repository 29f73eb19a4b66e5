import { globSync, readFileSync } from 'node:fs';
import { LANGUAGES } from '../../src/text/language.ts';
import { speakable } from '../../src/text/speakable.ts';
import { tellLanguage } from '../../src/text/tell-language.ts';
import { warmText } from '../../src/text/warm.ts';
import { goldenRules } from '../text/golden-rules.ts';
import { hostileTexts } from '../text/hostile-text.ts';
import { median, ms, percentile, type Row, times } from './figures.ts';

/**
 * B14: what people write becomes what is said: messages of 4,000 characters of every kind, and ten times as long.
 * B20: the language of a line of chat is told.
 */

const LENGTH = 4_000;
const TIMES = 10;
const ROUNDS = 20;
const SENTENCE = 'It is half past nine, and <@100000000000000001> is late again 😂. ';

function took(work: () => void): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

/** The better of two, in ms: what was taken from this process meanwhile is not the text's. */
function better(work: () => void): number {
  return Math.min(took(work), took(work));
}

/** How long the first message in each language takes, with its phrases and the names of emoji read from disk. */
function firstMessages(): number[] {
  return LANGUAGES.map(language => took(() => speakable(SENTENCE, goldenRules(language))));
}

/** How long it takes to tell the language of each of the chat lines of the tests, in ms; the best of three rounds. */
function tellingTimes(): number[] {
  const lines = globSync(`${import.meta.dirname}/../text/chat-lines/*.txt`).flatMap(file =>
    readFileSync(file, 'utf8').trim().split('\n'),
  );
  return lines.map(line => Math.min(...Array.from({ length: 3 }, () => took(() => tellLanguage(line)))));
}

function tellingRow(): Row {
  const each = tellingTimes();
  const slow = percentile(each, 99);
  return {
    id: 'B20',
    what: `the language of a chat line, p99 of ${each.length}`,
    ours: `${ms(slow)} (median ${ms(median(each))})`,
    beside: 'the whole of a line has to be ready within some milliseconds',
    target: '≤ 0.2 ms',
    met: slow <= 0.2,
  };
}

export function textRows(): Row[] {
  const warming = took(warmText);
  const first = firstMessages();
  const rules = goldenRules('en');
  const short = [...hostileTexts(LENGTH).values()];
  const long = [...hostileTexts(TIMES * LENGTH).values()];
  for (let round = 0; round < 3; round++) for (const text of short) speakable(text, rules);
  const each = Array.from({ length: ROUNDS }, () =>
    short.map(text => better(() => speakable(text, rules))),
  ).flat();
  const plain = SENTENCE.repeat(LENGTH / SENTENCE.length);
  const usual = Array.from({ length: ROUNDS }, () => better(() => speakable(plain, rules)));
  const allOf = (texts: readonly string[]) => took(() => texts.forEach(text => speakable(text, rules)));
  const ratio = median(Array.from({ length: 5 }, () => allOf(long) / allOf(short)));
  const [slow, firstSlow] = [percentile(each, 99), Math.max(...first)];
  return [
    {
      id: 'B14',
      what: `${short.length} kinds of messages of ${LENGTH} characters to speakable text, p99`,
      ours: `${ms(slow)} (median ${ms(median(each))})`,
      beside: `plain chat of that length: ${ms(percentile(usual, 99))} (median ${ms(median(usual))})`,
      target: '≤ 5 ms',
      met: slow <= 5,
    },
    {
      id: 'B14',
      what: `all of them, ${TIMES} times as long`,
      ours: times(ratio),
      beside: `linear is ${TIMES}×`,
      target: '≤ 15×',
      met: ratio <= 15,
    },
    {
      id: 'B14',
      what: `the first message in a language, slowest of ${LANGUAGES.length}`,
      ours: `${ms(firstSlow)} (median ${ms(median(first))})`,
      beside: `warming at start ${ms(warming)}`,
      target: '≤ 20 ms',
      met: firstSlow <= 20,
    },
    tellingRow(),
  ];
}
