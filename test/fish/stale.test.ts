import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { decode, encode } from '@msgpack/msgpack';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { createFish } from '../../src/fish/fish.ts';
import { speak } from '../../src/fish/speak.ts';

// What Fish says after its `finish`, seen from both ends of the wire: here the server is a few lines, because the
// order of single frames matters.

/** After this a finished socket may be tried again. */
const QUIET_MS = 20;
const audio = (byte: number) => encode({ event: 'audio', audio: new Uint8Array([byte]) });
const finish = encode({ event: 'finish', reason: 'stop' });

/** A server which answers session n with the audio n; `onPing` may say more before it answers a ping
 * on a socket that has carried so many sessions. */
async function smallFish(onPing: (socket: WebSocket, carried: number) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong: false });
  let [sessions, sockets] = [0, 0];
  server.on('connection', socket => {
    sockets += 1;
    let carried = 0;
    socket.on('ping', payload => {
      onPing(socket, carried);
      socket.pong(payload);
    });
    socket.on('message', (data: Buffer) => {
      const { event } = JSON.parse(JSON.stringify(decode(data)));
      if (event !== 'stop') return;
      sessions += 1;
      carried += 1;
      socket.send(audio(sessions));
      socket.send(finish);
    });
  });
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  const fish = createFish({
    url: `http://127.0.0.1:${address.port}`,
    apiKey: 'key',
    model: 's2.1-pro',
    concurrency: 1,
    timings: { quietMs: QUIET_MS },
    log: pino({ level: 'silent' }),
  });
  return {
    fish,
    get sockets() {
      return sockets;
    },
    async say(): Promise<number[]> {
      const heard: number[] = [];
      const signal = AbortSignal.timeout(10_000);
      for await (const bytes of speak(fish, { lane: 'g', text: 'Hello.' }, { signal })) heard.push(...bytes);
      return heard;
    },
    async [Symbol.asyncDispose]() {
      await fish[Symbol.asyncDispose]();
      server.close();
    },
  };
}

test('a socket that has nothing more to say carries the next session', async () => {
  await using small = await smallFish(() => {});
  let said = 0;
  while (!small.fish.room.reuse.works) {
    expect(await small.say()).toEqual([(said += 1)]);
    await sleep(2 * QUIET_MS);
  }
  const { sockets } = small;
  for (let more = 0; more < 3; more += 1) expect(await small.say()).toEqual([(said += 1)]);
  expect(small.sockets).toBe(sockets);
  expect(small.sockets).toBeLessThan(said);
});

test.each<[string, Uint8Array]>([
  ['audio', audio(99)],
  ['a second finish', finish],
  ['an unknown event', encode({ event: 'usage' })],
  ['nonsense', new Uint8Array([0xc1])],
])(
  '%s after finish, still on its way when the next session wants to start, costs the socket',
  async (_name, stale) => {
    await using small = await smallFish((socket, carried) => {
      if (carried > 0) socket.send(stale);
    });
    for (const nth of [1, 2, 3]) {
      expect(await small.say()).toEqual([nth]);
      await sleep(4 * QUIET_MS);
    }
    expect(small.sockets).toBeGreaterThanOrEqual(3);
    expect(small.fish.room.reuse.works).toBe(false);
  },
);
