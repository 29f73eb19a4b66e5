import type { Pcm, Spoken } from './pcm.ts';
import { partsOf, type Rendition } from './rendition.ts';

const RATE_HZ = 48_000;
const TONE_SAMPLES = (RATE_HZ * 80) / 1000;
const AMPLITUDE = 8000;

/**
 * A tone of about 80 ms for each character of a word, its pitch told by the character, and silence for each of those
 * between the words: cheap, but real audio.
 */
export function speakTones(text: string, rendition: Rendition): Spoken {
  const words: Spoken['words'][number][] = [];
  const tones: Pcm['samples'][] = [];
  let at = 0;
  for (const part of partsOf(text)) {
    const samples = Math.round(TONE_SAMPLES * rendition.stretch());
    const from = at;
    for (const character of part.text) {
      tones.push(part.isWord ? tone(character, samples) : new Int16Array(samples));
      at += samples;
    }
    if (part.isWord) words.push({ text: part.text, from, to: at });
  }
  const samples = new Int16Array(at);
  at = 0;
  for (const each of tones) {
    samples.set(each, at);
    at += each.length;
  }
  return { rate: RATE_HZ, samples, words };
}

function tone(character: string, samples: number): Int16Array {
  const hertz = 200 + (character.codePointAt(0)! % 64) * 12;
  return Int16Array.from(
    { length: samples },
    (_, i) => AMPLITUDE * Math.sin((2 * Math.PI * hertz * i) / RATE_HZ),
  );
}
