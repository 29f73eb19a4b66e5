import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { audioPackets, readPages } from '../audio/ogg/raw-ogg.ts';
import { decode, loudness, samples } from '../audio/opus.ts';
import { startFish } from './fish/fish.ts';
import { writeOggOpus } from './fish/ogg-writer.ts';
import { RawFish } from './raw-fish-client.ts';

/** Real speech, judged by programs that share nothing with the sandbox. */

const WORDS = 'Hello! This is what the voice channel heard.';
/** Stands for the file's path in a program's arguments. */
const FILE = 'FILE';
const PROGRAM_WITHIN_MS = 60_000;
/** Of 16-bit samples; silence is 0, and eSpeak's speech about 3000. */
const AUDIBLE = 300;
const SAMPLES_PER_PACKET = 960;

afterEach(() => {
  vi.unstubAllEnvs();
});

/** What Fish sends for the words: the stream, and its packets. */
async function spoken() {
  await using fish = await startFish({ voice: 'espeak', eventMs: 0, firstAudioMs: 0 });
  await using client = await RawFish.connect(fish);
  client.say(WORDS);
  await client.over();
  const stream = Buffer.concat(client.audio);
  const packets = audioPackets(readPages(stream));
  expect(packets).toEqual(fish.sessions[0]?.packets);
  return { stream, packets };
}

test('a PATH without espeak-ng: the sandbox speaks all the same', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  expect(spawnSync('espeak-ng', ['--version']).error).toMatchObject({ code: 'ENOENT' });
  const sound = decode((await spoken()).packets);
  expect(samples(sound) / 48_000).toBeGreaterThan(1.5);
  expect(samples(sound) / 48_000).toBeLessThan(6);
  expect(loudness(sound)).toBeGreaterThan(AUDIBLE);
});

function installed(program: string): boolean {
  return spawnSync(program, ['-version'], { timeout: PROGRAM_WITHIN_MS }).error === undefined;
}

/** All that a program has to say about a file of these bytes. */
async function verdict(program: string, flags: string[], bytes: Buffer) {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'parrotfish-'));
  const path = join(directory.path, 'words.opus');
  await writeFile(path, bytes);
  const child = spawn(
    program,
    flags.map(flag => (flag === FILE ? path : flag)),
    { timeout: PROGRAM_WITHIN_MS, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [[code], out, err] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    buffer(child.stdout),
    text(child.stderr),
  ]);
  return { code, out, err };
}

const opusinfo = async (file: Buffer) => {
  const { code, out, err } = await verdict('opusinfo', [FILE], file);
  return { code, report: out.toString('latin1') + err };
};
const OBJECTION = /warning|error|corrupt|hole|invalid|negative|missing/i;

test.skipIf(!installed('opusinfo'))(
  'opusinfo has nothing to object to (skipped where opusinfo is not installed)',
  async () => {
    const { stream, packets } = await spoken();
    for (const file of [writeOggOpus(packets), stream]) {
      const { code, report } = await opusinfo(file);
      expect(report).not.toMatch(OBJECTION);
      expect(report).toContain(`Total data length: ${file.length} bytes`);
      expect(code).toBe(0);
    }
    // It does object when a page is missing: the first one of audio.
    const cut = stream.subarray(47 + 794 + (readPages(stream)[2]?.length ?? 0));
    expect((await opusinfo(Buffer.concat([stream.subarray(0, 47 + 794), cut]))).report).toMatch(OBJECTION);
  },
);

test.skipIf(!installed('ffmpeg'))(
  'ffmpeg decodes it without a warning (skipped where ffmpeg is not installed)',
  async () => {
    const { stream, packets } = await spoken();
    for (const file of [writeOggOpus(packets), stream]) {
      const flags = ['-v', 'warning', '-i', FILE, '-f', 's16le', '-ar', '48000', 'pipe:1'];
      const { code, out, err } = await verdict('ffmpeg', flags, file);
      expect(err).toBe('');
      expect(code).toBe(0);
      // The encoder's delay is cut off the start and, of the stream, the filling off the end.
      const missing = packets.length * SAMPLES_PER_PACKET - out.length / 2;
      expect(missing).toBeGreaterThanOrEqual(0);
      expect(missing).toBeLessThan(2 * SAMPLES_PER_PACKET);
    }
  },
);
