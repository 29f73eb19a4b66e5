import { spawn } from 'node:child_process';
import { once } from 'node:events';
import opus from '@discordjs/opus';
import type { EspeakWorker } from '@echogarden/espeak-ng-emscripten';

/** Real words for the sandbox: eSpeak NG's speech as mono 48 kHz Opus packets of 20 ms. */

const RATE_HZ = 48_000;
const FRAME_SAMPLES = 960;
const BITRATE = 60_000;
const WAV_HEADER_BYTES = 44;
const WAV_RATE_OFFSET = 24;
const INT16_MAX = 32_767;

interface Pcm {
  readonly rate: number;
  readonly samples: Int16Array;
}

function int16(bytes: Uint8Array): Int16Array {
  const copy = bytes.slice(0, bytes.length - (bytes.length % 2));
  return new Int16Array(copy.buffer);
}

/** Debian's espeak-ng, where it is installed; null elsewhere. */
async function speakByProgram(text: string): Promise<Pcm | null> {
  const child = spawn('espeak-ng', ['--stdin', '--stdout'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on('error', () => {}); // it is gone: told by 'error' or the exit code
  const ended = once(child, 'close');
  child.stdin.end(text);
  try {
    const [code] = await ended;
    if (code !== 0) return null;
  } catch {
    return null; // not installed
  }
  const wav = Buffer.concat(chunks);
  if (wav.length < WAV_HEADER_BYTES) return null;
  return { rate: wav.readUInt32LE(WAV_RATE_OFFSET), samples: int16(wav.subarray(WAV_HEADER_BYTES)) };
}

let worker: Promise<EspeakWorker> | undefined;

async function loadWorker(): Promise<EspeakWorker> {
  const { default: load } = await import('@echogarden/espeak-ng-emscripten');
  const { eSpeakNGWorker } = await load();
  const made = await new eSpeakNGWorker();
  made.set_voice('en-us');
  return made;
}

/** The same speech synthesiser compiled to JavaScript, which npm brings along. */
async function speakByModule(text: string): Promise<Pcm> {
  worker ??= loadWorker();
  const espeak = await worker;
  const parts: Int16Array[] = [];
  espeak.synthesize(text, audio => {
    if (audio && audio.length > 0) parts.push(Int16Array.from(audio));
    return false;
  });
  const samples = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  return { rate: espeak.get_samplerate(), samples };
}

/** Linear interpolation to 48 kHz: good enough for a voice that sounds like a robot anyway. */
function to48kHz({ rate, samples }: Pcm, speed: number, gainDb: number): Int16Array {
  const step = (rate / RATE_HZ) * speed;
  const gain = 10 ** (gainDb / 20);
  const out = new Int16Array(Math.floor(samples.length / step));
  for (let i = 0; i < out.length; i += 1) {
    const position = i * step;
    const index = Math.floor(position);
    const [a, b] = [samples[index] ?? 0, samples[index + 1] ?? 0];
    const value = (a + (b - a) * (position - index)) * gain;
    out[i] = Math.max(-INT16_MAX, Math.min(INT16_MAX, Math.round(value)));
  }
  return out;
}

/** Opus packets of 20 ms, the last filled up with silence. */
export function encodeOpus(samples: Int16Array): Buffer[] {
  const encoder = new opus.OpusEncoder(RATE_HZ, 1);
  encoder.setBitrate(BITRATE);
  const packets: Buffer[] = [];
  for (let at = 0; at < samples.length; at += FRAME_SAMPLES) {
    const frame = Buffer.alloc(FRAME_SAMPLES * 2);
    const part = samples.subarray(at, at + FRAME_SAMPLES);
    frame.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    packets.push(encoder.encode(frame));
  }
  return packets;
}

export interface Manner {
  /** 1 is normal. */
  readonly speed: number;
  /** dB. */
  readonly volume: number;
}

/** `text` as samples at 48 kHz. */
export async function speakWords(text: string, { speed, volume }: Manner): Promise<Int16Array> {
  const pcm = (await speakByProgram(text)) ?? (await speakByModule(text));
  return to48kHz(pcm, speed, volume);
}

/** A tone for each character of `text`, 80 ms long: cheap, but real audio. */
export function speakTones(text: string): Int16Array {
  const length = 4 * FRAME_SAMPLES;
  const characters = Array.from(text);
  const out = new Int16Array(characters.length * length);
  for (const [index, character] of characters.entries()) {
    const hz = 200 + ((character.codePointAt(0) ?? 0) % 64) * 12;
    for (let i = 0; i < length; i += 1)
      out[index * length + i] = 8_000 * Math.sin((2 * Math.PI * hz * i) / RATE_HZ);
  }
  return out;
}
