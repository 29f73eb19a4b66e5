import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { EspeakWorker } from '@echogarden/espeak-ng-emscripten';
import { hash } from './numbered-packets.ts';
import { type Pcm, pcmSamples } from './pcm.ts';

const WAV_HEADER_BYTES = 44;
const WAV_RATE_OFFSET = 24;
const LANGUAGE = 'en-us';
const WORDS_PER_MINUTE = 175;
/** eSpeak's pitch goes from 0 to 99. */
const PITCH = { usual: 50, lowest: 15, span: 70 };
/** How fast a voice speaks by nature, as a multiple. */
const PACE = { slowest: 0.85, span: 0.35, steps: 32 };
/** eSpeak's own ways to change a voice: men, women, and one that is hoarse. */
const VARIANTS = ['m1', 'm2', 'm3', 'm4', 'm5', 'm7', 'f1', 'f2', 'f3', 'f4', 'f5', 'croak'];
const CACHED_TEXTS = 100;

export interface Manner {
  /** A `reference_id`; '' is Fish's own voice. */
  voice: string;
  /** 1 is usual. */
  speed: number;
}

interface EspeakSettings {
  /** Language and variant: `en-us+f3`. */
  name: string;
  pitch: number;
  wordsPerMinute: number;
}

/** Real words from eSpeak NG: Debian's program where it is installed, else the module that npm brings along. */
export class Words {
  readonly #cache = new Map<string, Promise<Pcm>>();
  readonly #program: string;
  #module: Promise<EspeakWorker> | undefined;

  /** `program` is the name or path of the executable. */
  constructor(program = 'espeak-ng') {
    this.#program = program;
  }

  /** `text` spoken, mono, at eSpeak's own rate (22,050 Hz). Directions in brackets are not read out. */
  speak(text: string, { voice, speed }: Manner): Promise<Pcm> {
    const key = JSON.stringify([text, voice, speed]);
    const known = this.#cache.get(key);
    if (known) return known;
    const made = this.#speak(sayable(text), settingsOf({ voice, speed }));
    this.#cache.set(key, made);
    const [oldest] = this.#cache.keys();
    if (oldest !== undefined && this.#cache.size > CACHED_TEXTS) this.#cache.delete(oldest);
    return made;
  }

  async #speak(text: string, settings: EspeakSettings): Promise<Pcm> {
    const pcm = this.#module ? undefined : await runProgram(this.#program, text, settings);
    if (pcm) return pcm;
    this.#module ??= loadModule();
    return runModule(await this.#module, text, settings);
  }
}

/** Each voice has its own sound, always the same, so that one hears which is speaking. */
function settingsOf({ voice, speed }: Manner): EspeakSettings {
  if (voice === '')
    return { name: LANGUAGE, pitch: PITCH.usual, wordsPerMinute: Math.round(WORDS_PER_MINUTE * speed) };
  const mark = hash(voice);
  const pace = PACE.slowest + (PACE.span * ((mark >>> 16) % PACE.steps)) / PACE.steps;
  return {
    name: `${LANGUAGE}+${VARIANTS[(mark >>> 8) % VARIANTS.length]}`,
    pitch: PITCH.lowest + (mark % PITCH.span),
    wordsPerMinute: Math.round(WORDS_PER_MINUTE * pace * speed),
  };
}

/** Without what Fish takes as directions: `[whisper]`, `<|speaker:0|>`. */
function sayable(text: string): string {
  return text.replaceAll(/\[[^\]]*\]|<\|[^|]*\|>/g, ' ');
}

/** Undefined where the program is missing or fails. */
async function runProgram(program: string, text: string, settings: EspeakSettings): Promise<Pcm | undefined> {
  const { name, pitch, wordsPerMinute } = settings;
  const flags = ['-b', '1', '-v', name, '-p', `${pitch}`, '-s', `${wordsPerMinute}`];
  const child = spawn(program, [...flags, '--stdin', '--stdout'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A program that is missing breaks this pipe too; `close` or `error` of the child tells why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(text);
  const code = await once(child, 'close').then(
    ([status]: unknown[]) => status,
    () => undefined,
  );
  const wav = Buffer.concat(chunks);
  if (code !== 0 || wav.length < WAV_HEADER_BYTES) return undefined;
  return { rate: wav.readUInt32LE(WAV_RATE_OFFSET), samples: pcmSamples(wav.subarray(WAV_HEADER_BYTES)) };
}

async function loadModule(): Promise<EspeakWorker> {
  const { default: load } = await import('@echogarden/espeak-ng-emscripten');
  const { eSpeakNGWorker } = await load();
  return new eSpeakNGWorker();
}

function runModule(espeak: EspeakWorker, text: string, settings: EspeakSettings): Pcm {
  const { name, pitch, wordsPerMinute } = settings;
  espeak.set_voice(name);
  espeak.set_pitch(pitch);
  espeak.set_rate(wordsPerMinute);
  const samples: number[] = [];
  espeak.synthesize(text, audio => {
    for (const sample of audio ?? []) samples.push(sample);
    return false;
  });
  return { rate: espeak.get_samplerate(), samples: Int16Array.from(samples) };
}
