import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { EspeakWorker } from '@echogarden/espeak-ng-emscripten';
import { hash } from './numbered-packets.ts';
import { type Pcm, pcmSamples } from './pcm.ts';

const WAV_HEADER_BYTES = 44;
const WAV_RATE_OFFSET = 24;
const LANGUAGE = 'en-us';
const WORDS_PER_MINUTE = 175;
/** eSpeak's pitch goes from 0 to 99. Each voice has its own, so that one hears which is speaking. */
const PITCH = { usual: 50, lowest: 15, span: 70 };
const CACHED_TEXTS = 100;

export interface Manner {
  /** A `reference_id`; '' is Fish's own voice. */
  voice: string;
  /** 1 is usual. */
  speed: number;
}

interface EspeakSettings {
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
    const pitch = voice === '' ? PITCH.usual : PITCH.lowest + (hash(voice) % PITCH.span);
    const made = this.#speak(sayable(text), { pitch, wordsPerMinute: Math.round(WORDS_PER_MINUTE * speed) });
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

/** Without what Fish takes as directions: `[whisper]`, `<|speaker:0|>`. */
function sayable(text: string): string {
  return text.replaceAll(/\[[^\]]*\]|<\|[^|]*\|>/g, ' ');
}

/** Undefined where the program is missing or fails. */
async function runProgram(program: string, text: string, settings: EspeakSettings): Promise<Pcm | undefined> {
  const flags = ['-b', '1', '-v', LANGUAGE, '-p', `${settings.pitch}`, '-s', `${settings.wordsPerMinute}`];
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
  const espeak = await new eSpeakNGWorker();
  espeak.set_voice(LANGUAGE);
  return espeak;
}

function runModule(espeak: EspeakWorker, text: string, { pitch, wordsPerMinute }: EspeakSettings): Pcm {
  espeak.set_pitch(pitch);
  espeak.set_rate(wordsPerMinute);
  const samples: number[] = [];
  espeak.synthesize(text, audio => {
    for (const sample of audio ?? []) samples.push(sample);
    return false;
  });
  return { rate: espeak.get_samplerate(), samples: Int16Array.from(samples) };
}
