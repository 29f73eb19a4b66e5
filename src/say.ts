import { readFile } from 'node:fs/promises';
import { ConfigError, type Config, loadFishConfig, retirementOf } from './config.ts';
import { FishError } from './fish/errors.ts';
import { createFish } from './fish/fish.ts';
import type { TtsRequest } from './fish/protocol.ts';
import { speak, type SpeakEvent } from './fish/speak.ts';
import { createLog } from './log.ts';
import { HELP, readArguments, type SayArguments, UsageError } from './terminal/arguments.ts';
import { FileSink, type Sink } from './terminal/file-sink.ts';
import { findPlayer, PlayerSink } from './terminal/player-sink.ts';
import { MP3_KBITS, REQUESTED_RATE_HZ, SoundLength } from './terminal/sound-length.ts';
import { sentencePieces } from './terminal/sentence-pieces.ts';
import { languageOf } from './text/language.ts';

// The program `npm run say`: it speaks from a terminal, without Discord. What it has to tell goes to standard error.

/** Exit codes: EX_USAGE and EX_CONFIG of sysexits.h; 130 is 128 + SIGINT. */
const EXIT_USAGE = 64;
const EXIT_CONFIG = 78;
const EXIT_FAILED = 1;
const EXIT_INTERRUPTED = 130;

/** The file that is written if there is no player. */
const FILE = 'say.ogg';

const tell = (line: string) => console.error(line);
const ms = (value: number) => `${Math.round(value)} ms`;

/** The operator's Fish Audio; if none is set, that of the sandbox, which is started here and ends with `stack`. */
async function fishConfig(stack: AsyncDisposableStack): Promise<Config['fish']> {
  const config = loadFishConfig(process.env);
  if (config) return config;
  const sandbox = await import('../test/sandbox/fish/fish.ts').catch(() => null); // the container has no sandbox
  if (!sandbox)
    throw new ConfigError(['FISH_API_KEY is missing: set it to an API key from https://fish.audio']);
  tell(
    'FISH_API_KEY is not set, so this is the sandbox: a Fish Audio on this machine, with the voice of a robot.',
  );
  const { url, apiKey } = stack.use(await sandbox.startFish(sandbox.realisticBehaviour));
  return { url, apiKey, model: 's2.1-pro', voice: undefined, latency: 'balanced', concurrency: 1 };
}

async function requestOf(given: SayArguments, fish: Config['fish']): Promise<Partial<TtsRequest>> {
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

async function sinkOf({ out, format }: SayArguments): Promise<Sink> {
  const player = out === undefined ? findPlayer(process.env['PATH'] ?? '') : undefined;
  if (player) return new PlayerSink(player, FILE);
  return await FileSink.at(out ?? FILE, format).catch((error: unknown) => {
    throw new UsageError(`${out ?? FILE} cannot be written (${codeOf(error)})`);
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'for an unknown reason';
}

/** Returns a listener that prints when the first sound came, and what Fish Audio reports. */
function timeline(): (event: SpeakEvent) => void {
  let startedAt = 0;
  return event => {
    if (event.type === 'start') startedAt = event.at;
    if (event.type === 'first-audio') tell(`first sound after ${ms(event.at - startedAt)}`);
    if (event.type === 'log') tell(`Fish Audio: ${event.message}`);
  };
}

/** Speaks, and resolves when all is played or written. */
async function say(given: SayArguments, signal: AbortSignal): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const config = await fishConfig(stack);
  const request = await requestOf(given, config);
  const sink = await sinkOf(given);
  stack.defer(() => sink.stop());
  signal.addEventListener('abort', () => void sink.stop());
  const { apiKey, url } = config;
  const model = given.model ?? config.model;
  const retirement = retirementOf(model, new Date());
  if (retirement?.over) throw new UsageError(`The model ${retirement.words}`);
  if (retirement) tell(`The model ${retirement.words}.`);
  const fish = stack.use(createFish({ apiKey, url, model, concurrency: 1, log: createLog('silent', []) }));
  const text = given.text ?? sentencePieces(standardInput(), languageOf(process.env['LANG']));
  const options = { signal, onEvent: timeline(), debug: given.debug };
  const sound = speak(fish, { lane: 'terminal', text, request }, options);
  const length = new SoundLength(given.format);
  let step = await sound.next();
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

function standardInput(): AsyncIterable<string> {
  return process.stdin.setEncoding('utf8');
}

/** Prints what went wrong, and returns the exit code. */
function explain(error: unknown): number {
  if (error instanceof UsageError) {
    tell(`${error.message}. --help shows how it is used.`);
    return EXIT_USAGE;
  }
  if (error instanceof ConfigError) {
    for (const problem of error.problems) tell(problem);
    return error.exitCode;
  }
  if (error instanceof FishError) {
    const { kind, message, body = '' } = error;
    const told = body === '' || kind === 'unauthorized' ? message : `${message}: ${body}`;
    tell(kind === 'unauthorized' ? `${told}. Check FISH_API_KEY.` : told);
    return kind === 'unauthorized' ? EXIT_CONFIG : EXIT_FAILED;
  }
  tell(error instanceof Error ? error.message : 'something went wrong');
  return EXIT_FAILED;
}

async function main(): Promise<number> {
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  try {
    const given = readArguments(process.argv.slice(2));
    if (given.help) {
      process.stdout.write(HELP);
      return 0;
    }
    if (given.text === undefined && process.stdin.isTTY) throw new UsageError('There is no text to say');
    await say(given, stopping.signal);
    return 0;
  } catch (error) {
    return stopping.signal.aborted ? EXIT_INTERRUPTED : explain(error);
  }
}

process.exit(await main());
