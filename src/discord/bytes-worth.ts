import type { Translate } from '../locale/catalogue.ts';
import { amountIn, durationIn, moneyIn } from '../locale/numbers.ts';

// Tells what bytes of text are worth: how long they take to say, and what they cost. Fish Audio charges for speech by
// the bytes of the text, and nobody knows by heart how much that is; so `/usage` and the settings panel say this beside
// them.

/**
 * This many UTF-8 bytes are about one second of speech. A calm voice says about 15 letters a second, spaces included
 * (`text/speech-rate.ts`); other scripts take more bytes for a letter and more time for it, and come out alike: 13
 * bytes in Chinese, 18 in Korean, 22 in Japanese kana.
 */
const BYTES_A_SECOND = 15;

/** About how many seconds it takes to say `bytes` bytes of text. */
export function secondsOfBytes(bytes: number): number {
  return bytes / BYTES_A_SECOND;
}

/** What `bytes` bytes cost in US dollars. */
function usdOf(bytes: number, usdPerMillionBytes: number): number {
  return (bytes * usdPerMillionBytes) / 1e6;
}

/**
 * Returns bytes as people read them, with about how long they take to say and what they cost: `1,000 bytes ≈ 67 sec ·
 * $0.015`. Where speech is free there is no money.
 */
export function worthInWords(bytes: number, usd: number, { locale }: Translate): string {
  const worth = [durationIn(locale, secondsOfBytes(bytes)), ...(usd > 0 ? [moneyIn(locale, usd)] : [])];
  return `${amountIn(locale, bytes, 'byte')} ≈ ${worth.join(' · ')}`;
}

/** Returns bytes as people read them, with what they are worth at a price in US dollars for a million bytes. */
export function bytesInWords(bytes: number, usdPerMillionBytes: number, t: Translate): string {
  return worthInWords(bytes, usdOf(bytes, usdPerMillionBytes), t);
}
