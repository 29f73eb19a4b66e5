import type { Pcm } from './pcm.ts';

const RATE_HZ = 48_000;
const TONE_SAMPLES = (RATE_HZ * 80) / 1000;
const AMPLITUDE = 8000;

/** A tone of 80 ms for each character of `text`, its pitch told by the character: cheap, but real audio. */
export function speakTones(text: string): Pcm {
  const characters = Array.from(text);
  const samples = new Int16Array(characters.length * TONE_SAMPLES);
  for (const [index, character] of characters.entries()) {
    const hertz = 200 + (character.codePointAt(0)! % 64) * 12;
    for (let i = 0; i < TONE_SAMPLES; i++) {
      samples[index * TONE_SAMPLES + i] = AMPLITUDE * Math.sin((2 * Math.PI * hertz * i) / RATE_HZ);
    }
  }
  return { rate: RATE_HZ, samples };
}
