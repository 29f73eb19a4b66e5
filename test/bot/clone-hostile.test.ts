import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { Readable } from 'node:stream';
import { createBrotliCompress, createGzip } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mp3, mp4, ogg, wav } from '../audio/recording/recordings.ts';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { type Stage, startStage } from '../support/stage.ts';

/** Tells by which hosts the bot's connections for `fetch` are begun, also those that do not come about. */
const WATCH = `import { subscribe } from 'node:diagnostics_channel';
subscribe('undici:client:beforeConnect', ({ connectParams: { host } }) => console.error('connects to <' + host + '>'));`;
const NODE_OPTIONS = `--import=data:text/javascript;base64,${Buffer.from(WATCH).toString('base64')}`;

const GIB = 1024 ** 3;
const WAIT_MS = 20_000;
/** The bot reads no further than its bound, and what was in the air: far less than all of it. */
const CUT_OFF_BYTES = 100 * 1024 * 1024;

let stage: Stage;
let guild: FakeGuild;
let people: FakeUser[];
/** Listens where nobody may connect to. */
const decoys: { host: string; port: number; connections: number; close(): void }[] = [];

beforeAll(async () => {
  for (const host of ['127.0.0.1', '::1']) decoys.push(await decoy(host));
  stage = await startStage({ env: { NODE_OPTIONS } }, discord => {
    people = ['Ana', 'Ben'].map(name => discord.addUser(name));
    guild = discord.addGuild({ name: 'hostile' });
    for (const person of people) guild.addMember(person, { permissions: String(1n << 5n) });
  });
  const file = { name: 'settings.json', bytes: Buffer.from('{"clone":true}') };
  await stage.discord.command(people[0]!, guild, 'settings import', { file }).reply();
});
afterAll(async () => {
  for (const each of decoys) each.close();
  await stage[Symbol.asyncDispose]();
});

async function decoy(host: string) {
  const server = createServer(socket => {
    made.connections += 1;
    socket.destroy();
  });
  const made = { host, port: 1, connections: 0, close: () => void server.close() };
  server.listen(0, host, () => (made.port = (server.address() as AddressInfo).port));
  await once(server, 'listening').catch(() => undefined); // there may be no IPv6 here
  return made;
}

/** `person` has a voice made of a file; returns what they are told. */
function clone(audio: object, person = people[0]!) {
  const file = { name: 'me.wav', contentType: 'audio/wav', size: 100_000, ...audio };
  return stage.discord
    .command(person, guild, 'voice clone', { name: 'Me', audio: file, consent: true })
    .reply(WAIT_MS);
}

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** A gigabyte, made as it is read; counts what was. */
function flood(): { stream: Readable; made: () => number } {
  const block = Buffer.alloc(64 * 1024);
  let made = 0;
  function* blocks() {
    for (; made < GIB; made += block.length) yield block;
  }
  return { stream: Readable.from(blocks()), made: () => made };
}

test('row 29: an address that is not the CDN’s is not connected to', async () => {
  const cdn = new URL(stage.discord.cdnUrl);
  const [four, six] = decoys;
  const urls = [
    `https://127.0.0.1:${four!.port}/a.wav`,
    `http://localhost:${four!.port}/a.wav`,
    `https://localhost:${four!.port}/a.wav`,
    `https://[::1]:${six!.port}/a.wav`,
    `https://[::ffff:127.0.0.1]:${four!.port}/a.wav`,
    `https://2130706433:${four!.port}/a.wav`,
    `https://0x7f.1:${four!.port}/a.wav`,
    'http://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/a.wav',
    'https://192.168.1.1/a.wav',
    `https://127.0.0.1:${cdn.port}/a.wav`,
    `https://localhost.:${cdn.port}/a.wav`,
    `https://sub.${cdn.host}/a.wav`,
    `http://${cdn.host}/a.wav`,
    `https://${cdn.host}@127.0.0.1:${four!.port}/a.wav`,
    `https://user:password@${cdn.host}/a.wav`,
    `https://user@${cdn.host}/a.wav`,
    `https://127.0.0.1:${four!.port}\\@${cdn.host}/a.wav`,
    `https://127.0.0.1:${four!.port}#@${cdn.host}/a.wav`,
    `https://${cdn.hostname}/a.wav`,
    `blob:https://${cdn.host}/a.wav`,
    `data:audio/wav;base64,${wav(12).toString('base64').slice(0, 100)}`,
    'file:///etc/passwd',
    'https://cdn.discordapp.com/attachments/1/2/a.wav',
    'https://example.com/a.wav',
    `//${cdn.host}/a.wav`,
    'nothing of the kind',
    '',
  ];
  for (const url of urls)
    expect([url, await clone({ url })]).toEqual([url, expect.stringMatching(/uploaded to Discord/)]);
});

test('row 29: a redirect is not followed, wherever it leads', async () => {
  for (const status of [301, 302, 303, 307, 308])
    for (const location of [
      `http://127.0.0.1:${decoys[0]!.port}/`,
      `https://[::1]:${decoys[1]!.port}/`,
      'http://169.254.169.254/',
      stage.discord.cdnUrl,
    ]) {
      const serve: Serve = (_request, response) => response.writeHead(status, { location }).end();
      expect(await clone({ serve })).toMatch(/couldn't get that file/);
    }
  expect(decoys.map(({ connections }) => connections)).toEqual([0, 0]);
});

test('row 29: too much is not read, whatever is claimed', async () => {
  let asked = 0;
  const count: Serve = (_request, response) => {
    asked += 1;
    response.end();
  };
  expect(await clone({ size: GIB, serve: count })).toMatch(/too large/);
  expect(asked).toBe(0);
  const read: number[] = [];
  for (const headers of [
    { 'content-length': String(GIB) },
    { 'content-length': '100000' },
    {},
    { 'transfer-encoding': 'chunked' },
  ] as Record<string, string>[]) {
    const { stream, made } = flood();
    const serve: Serve = (_request, response) => {
      response.writeHead(200, headers);
      stream.pipe(response).on('error', () => stream.destroy());
      response.on('close', () => stream.destroy());
    };
    expect(await clone({ serve })).toMatch(/too large|couldn't get that file|damaged|no sound/);
    read.push(made());
  }
  expect(Math.max(...read)).toBeLessThan(CUT_OFF_BYTES);
});

test('row 29: what unfolds into more than it seems is not unfolded', async () => {
  for (const [encoding, folder] of [
    ['gzip', createGzip],
    ['br', createBrotliCompress],
  ] as const) {
    const { stream, made } = flood();
    const serve: Serve = (_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding });
      const folding = stream.pipe(folder());
      folding.pipe(response);
      response.on('close', () => {
        stream.destroy();
        folding.destroy();
      });
    };
    expect(await clone({ serve })).toMatch(/couldn't get that file/);
    expect(made()).toBeLessThan(GIB);
  }
});

test('row 29: a file that does not come within ten seconds is given up', { timeout: 90_000 }, async () => {
  const bytes = wav(12);
  const drip: Serve = (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    let at = 0;
    const timer = setInterval(() => response.write(bytes.subarray(at, (at += 10))), 100);
    response.on('close', () => clearInterval(timer));
  };
  const silence: Serve = () => {};
  const from = performance.now();
  const answers = await Promise.all([clone({ serve: drip }), clone({ serve: silence }, people[1])]);
  for (const answer of answers) expect(answer).toMatch(/couldn't get that file/);
  expect(performance.now() - from).toBeLessThan(20_000);
});

test('row 29: what is no recording is told in words', async () => {
  const whole = wav(12);
  for (const [bytes, told] of [
    [Buffer.from('<!doctype html><script>alert(1)</script>'), /no sound/],
    [Buffer.from('{"error":1}'), /no sound/],
    [Buffer.alloc(0), /no sound/],
    [Buffer.from('PK\x03\x04 a zip'), /no sound/],
    [mp4('isom', 'vide', 'soun'), /video/],
    [mp4('M4A ', 'soun'), /AAC/],
    [whole.subarray(0, whole.length - 1_000), /damaged/],
    [ogg().subarray(0, 20_000), /damaged/],
    [mp3(200).subarray(0, 14_000), /damaged/],
    [wav(5), /too short/],
    [wav(95), /too long/],
    [wav(12, { channels: 6 }), /more than two channels/],
  ] as const)
    expect([told, await clone({ bytes, size: bytes.length })]).toEqual([told, expect.stringMatching(told)]);
  const cut: Serve = (_request, response) => {
    response.writeHead(200, { 'content-length': whole.length });
    response.write(whole.subarray(0, 1_000), () => response.destroy());
  };
  expect(await clone({ serve: cut })).toMatch(/couldn't get that file/);
  const gone: Serve = (_request, response) => response.writeHead(404).end(whole);
  expect(await clone({ serve: gone })).toMatch(/couldn't get that file/);
});

test('row 29: nobody else was connected to, nothing was made, and the bot goes on', async () => {
  expect(decoys.map(({ connections }) => connections)).toEqual([0, 0]);
  const { discord, fish, bot } = stage;
  const hosts = new Set([...bot.output.matchAll(/connects to <(.*?)>/g)].map(([, host]) => host));
  const own = [discord.apiUrl, discord.cdnUrl, fish.url].map(url => new URL(url).host);
  expect(hosts).toContain(new URL(discord.cdnUrl).host);
  expect([...hosts].filter(host => !own.includes(host ?? ''))).toEqual([]);
  expect(fish.library.made).toEqual([]);
  expect(await clone({ bytes: wav(12), size: 1 })).toMatch(/your own voice/);
  expect(bot.output).not.toMatch(/"level":(50|60)/);
});
