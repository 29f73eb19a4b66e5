import type { EspeakWorker } from '@echogarden/espeak-ng-emscripten';
import { hash } from './numbered-packets.ts';
import type { Spoken } from './pcm.ts';
import { partsOf, Rendition, type SpokenWord, type TextPart } from './rendition.ts';

/** Long enough to have used most of the program. */
const WARM_UP = 'Hello there, how are you today?';
const LANGUAGE = 'en-us';
const WORDS_PER_MINUTE = 175;
/** eSpeak's pitch goes from 0 to 99. */
const PITCH = { usual: 50, lowest: 15, span: 70 };
/** How fast a voice speaks by nature, as a multiple. */
const PACE = { slowest: 0.85, span: 0.35, steps: 32 };
/** Of 32,767. eSpeak is as quiet as that within a sound only where the wave passes zero. */
const SILENT_UP_TO = 40;
/** Shorter than 10 ms a word is none: it was said together with the one before it. */
const LEAST_SAMPLES = 220;
/** eSpeak's own ways to change a voice: men, women, and one that is hoarse. */
const VARIANTS = ['m1', 'm2', 'm3', 'm4', 'm5', 'm7', 'f1', 'f2', 'f3', 'f4', 'f5', 'croak'];
export interface Manner {
  /** A `reference_id`; '' is Fish's own voice. */
  voice: string;
  /** 1 is usual. */
  speed: number;
  /** eSpeak's name of a language: `de`, `cmn`; American English without it. */
  language?: string | undefined;
}

interface EspeakSettings {
  /** Language and variant: `en-us+f3`. */
  name: string;
  pitch: number;
  wordsPerMinute: number;
}

/** Real words from eSpeak NG, the module from npm. */
export class Words {
  #module: Promise<EspeakWorker> | undefined;

  /** Speaks a line that nobody hears: the first one takes several times as long as all others. */
  async warmUp(): Promise<void> {
    const rendition = new Rendition({ number: 0, spread: 0, seed: 0 });
    await this.speak(WARM_UP, { voice: '', speed: 1 }, rendition);
  }

  /** `text` spoken, mono, at eSpeak's own rate (22,050 Hz). Directions in brackets are not read out. */
  async speak(text: string, manner: Manner, rendition: Rendition): Promise<Spoken> {
    this.#module ??= loadModule();
    const espeak = await this.#module;
    const { name, pitch, wordsPerMinute } = settingsOf(manner);
    espeak.set_voice(name);
    espeak.set_pitch(pitch);
    espeak.set_rate(wordsPerMinute);
    const rate = espeak.get_samplerate();
    const parts = partsOf(text);
    const chunks: Int16Array[] = [];
    const moments: Moment[] = [];
    espeak.synthesize(markedUp(parts, rendition), (audio, events) => {
      if (audio) chunks.push(audio.slice());
      for (const { type, id, audio_position: ms } of events ?? [])
        moments.push({ type, id, at: Math.round((ms * rate) / 1000) });
      return false;
    });
    const samples = joined(chunks);
    return {
      rate,
      ...pausesStretched({ samples, words: wordsIn(parts, moments, samples) }, rendition),
    };
  }
}

/** Something that eSpeak tells of its sound; `at` in samples. */
interface Moment {
  readonly type: string;
  readonly id: string | number | undefined;
  readonly at: number;
}

type Sound = Omit<Spoken, 'rate'>;

/** Each voice has its own sound, always the same, so that one hears which is speaking. */
function settingsOf({ voice, speed, language = LANGUAGE }: Manner): EspeakSettings {
  if (voice === '')
    return { name: language, pitch: PITCH.usual, wordsPerMinute: Math.round(WORDS_PER_MINUTE * speed) };
  const mark = hash(voice);
  const pace = PACE.slowest + (PACE.span * ((mark >>> 16) % PACE.steps)) / PACE.steps;
  return {
    name: `${language}+${VARIANTS[(mark >>> 8) % VARIANTS.length]}`,
    pitch: PITCH.lowest + (mark % PITCH.span),
    wordsPerMinute: Math.round(WORDS_PER_MINUTE * pace * speed),
  };
}

/** SSML: each word marked by its number, and as fast as the rendition has it. */
function markedUp(parts: readonly TextPart[], rendition: Rendition): string {
  const marked = parts.map(({ text, isWord }, number) => {
    const said = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    if (!isWord) return said;
    const percent = Math.round(100 / rendition.stretch());
    return `<mark name="${number}"/><prosody rate="${percent}%">${said}</prosody>`;
  });
  return `<speak>${marked.join('')}</speak>`;
}

/**
 * Where the words are, in samples: from where one begins to where the next one does, without the silence at both ends.
 * What eSpeak tells of pauses is not used: in some languages it tells of some within words, and not of those between
 * sentences. Of words that it says as one, the first has the sound, and the others are left out.
 */
function wordsIn(parts: readonly TextPart[], moments: readonly Moment[], samples: Int16Array): SpokenWord[] {
  const begins = beginsOf(parts, moments);
  return begins.flatMap(({ text, at }, index) => {
    let from = at;
    let to = begins[index + 1]?.at ?? samples.length;
    while (to > from && isSilent(samples[to - 1])) to -= 1;
    while (from < to && isSilent(samples[from])) from += 1;
    return to - from > LEAST_SAMPLES ? [{ text, from, to }] : [];
  });
}

/** Where each word begins: at its mark. eSpeak loses the mark of a sentence's first word, but tells of the sentence. */
function beginsOf(parts: readonly TextPart[], moments: readonly Moment[]): { text: string; at: number }[] {
  const words = parts.flatMap(({ text, isWord }, part) => (isWord ? [{ text, part }] : []));
  const begins = new Map<number, number>();
  let sentenceAt: number | undefined;
  let next = 0;
  const begin = (word: number, at: number) => {
    if (sentenceAt !== undefined && word > next) begins.set(word - 1, sentenceAt);
    sentenceAt = undefined;
    if (word < words.length) begins.set(word, at);
    next = word + 1;
  };
  for (const { type, id, at } of moments) {
    if (type === 'mark')
      begin(
        words.findIndex(({ part }) => part === Number(id)),
        at,
      );
    else if (type === 'sentence') sentenceAt = at;
  }
  begin(words.length, 0);
  return words.flatMap(({ text }, word) => {
    const at = begins.get(word);
    return at === undefined ? [] : [{ text, at }];
  });
}

/** The same with each pause as long as the rendition has it: in its middle, silence is put in or taken out. */
function pausesStretched({ samples, words }: Sound, rendition: Rendition): Sound {
  const pieces: Int16Array[] = [];
  const moved: SpokenWord[] = [];
  let taken = 0;
  let shift = 0;
  for (const [index, { text, from, to }] of words.entries()) {
    moved.push({ text, from: from + shift, to: to + shift });
    const pause = (words[index + 1]?.from ?? to) - to;
    if (pause <= 0) continue;
    const more = Math.round(pause * (rendition.stretch() - 1));
    const middle = to + (pause >> 1);
    pieces.push(samples.subarray(taken, middle + Math.min(0, more >> 1)), new Int16Array(Math.max(0, more)));
    taken = middle + Math.min(0, more >> 1) + Math.max(0, -more);
    shift += more;
  }
  return { samples: joined([...pieces, samples.subarray(taken)]), words: moved };
}

function isSilent(sample: number | undefined): boolean {
  return Math.abs(sample ?? 0) <= SILENT_UP_TO;
}

function joined(chunks: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

async function loadModule(): Promise<EspeakWorker> {
  const { default: load } = await import('@echogarden/espeak-ng-emscripten');
  const { eSpeakNGWorker } = await load();
  return new eSpeakNGWorker();
}
