import { readFile } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { errorCode } from '../errors.ts';
import { createFish } from '../fish/fish.ts';
import type { Piece } from '../fish/pieces.ts';
import type { TtsRequest } from '../fish/protocol.ts';
import { type SpeakEvent, speak } from '../fish/speak.ts';
import type { Logger } from '../log.ts';
import type { SayArguments } from './arguments.ts';
import { UsageError } from './command-line.ts';
import { FileSink, type Sink } from './file-sink.ts';
import { findPlayer, PlayerSink } from './player-sink.ts';
import { MP3_KBITS, REQUESTED_RATE_HZ, SoundLength } from './sound-length.ts';
import { waiting } from './waiting.ts';

// Says a text at the terminal with Fish Audio, without Discord, for `npm run say` and for the sound check of `npm run
// doctor`.

export interface SpeakingOptions {
  readonly config: Config['fish'];
  readonly text: string | AsyncIterable<Piece>;
  /** The variable PATH, in which a player is looked for. */
  readonly path: string;
  /** The file that is written where there is neither a player nor another file. */
  readonly file: string;
  /** Takes each line that is told meanwhile: times, sizes, and where the sound went. */
  readonly tell: (line: string) => void;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** How it is said: the arguments of the command `say`, without its text. */
export type TerminalManner = Omit<SayArguments, 'help' | 'text'>;

/** The manner of somebody who has asked for nothing else but perhaps a file. */
export function plainManner(out: string | undefined, format: TerminalManner['format']): TerminalManner {
  return {
    voice: undefined,
    reference: undefined,
    latency: undefined,
    speed: undefined,
    volume: undefined,
    model: undefined,
    debug: false,
    out,
    format,
  };
}

/**
 * Says a text at the terminal, and resolves when all is played or written. Rejects with UsageError, FishError, or the
 * signal's reason.
 */
export async function sayAtTerminal(manner: TerminalManner, options: SpeakingOptions): Promise<void> {
  const { config, text, tell, log, signal } = options;
  await using stack = new AsyncDisposableStack();
  const request = await requestOf(manner, config);
  const sink = await sinkOf(manner, options);
  stack.defer(() => sink.stop());
  signal.addEventListener('abort', () => void sink.stop());
  const { apiKey, url } = config;
  const model = manner.model ?? config.model;
  const fish = stack.use(createFish({ apiKey, url, model, concurrency: 1, log }));
  const heard = { signal, onEvent: timeline(tell), debug: manner.debug };
  const sound = speak(fish, { lane: 'terminal', text, request }, heard);
  const length = new SoundLength(manner.format);
  const first = sound.next();
  let step = await (typeof text === 'string' ? waiting('no sound yet', first) : first);
  for (; !step.done; step = await sound.next()) {
    length.push(step.value);
    await sink.write(step.value);
  }
  const { bytes, totalMs } = step.value;
  const size = `${length.seconds.toFixed(2)} s of sound in ${length.bytes} bytes`;
  tell(`${bytes} bytes of text, ${size}, after ${ms(totalMs)}`);
  const where = await sink.end();
  signal.throwIfAborted();
  tell(where);
}

async function requestOf(given: TerminalManner, fish: Config['fish']): Promise<Partial<TtsRequest>> {
  const { reference, speed = 1, volume = 0, format } = given;
  const voice = given.voice ?? fish.voice;
  return {
    format,
    latency: given.latency ?? fish.latency,
    ...(format === 'mp3' && { mp3Bitrate: MP3_KBITS }),
    ...(format !== 'opus' && { sampleRate: REQUESTED_RATE_HZ }),
    ...(voice !== undefined && { referenceId: voice }),
    ...(reference && { references: [{ audio: await readRecording(reference.file), text: reference.text }] }),
    ...((speed !== 1 || volume !== 0) && { prosody: { speed, volume } }),
  };
}

async function readRecording(file: string): Promise<Uint8Array> {
  return await readFile(file).catch((error: unknown) => {
    throw new UsageError(`${file} cannot be read (${codeOf(error)})`);
  });
}

async function sinkOf({ out, format }: TerminalManner, { path, file }: SpeakingOptions): Promise<Sink> {
  const player = out === undefined ? findPlayer(path) : undefined;
  if (player) return new PlayerSink(player, file);
  return await FileSink.at(out ?? file, format).catch((error: unknown) => {
    throw new UsageError(`${out ?? file} cannot be written (${codeOf(error)})`);
  });
}

function codeOf(error: unknown): string {
  return String(errorCode(error) ?? 'for an unknown reason');
}

/** Returns a listener that tells when the first sound came, and what Fish Audio reports. */
function timeline(tell: (line: string) => void): (event: SpeakEvent) => void {
  let startedAt = 0;
  return event => {
    if (event.type === 'start') startedAt = event.at;
    if (event.type === 'first-audio') tell(`first sound after ${ms(event.at - startedAt)}`);
    if (event.type === 'log') tell(`Fish Audio: ${event.message}`);
  };
}

const ms = (value: number) => `${Math.round(value)} ms`;
