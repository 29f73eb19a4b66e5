import { once } from 'node:events';
import { decode, encode } from '@msgpack/msgpack';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { createFish } from '../src/fish/fish.ts';
import { speak } from '../src/fish/speak.ts';

// What Fish says after its `finish`, seen from both ends of the wire: here the server is a few lines, because the
// order of single frames matters.

const audio = (byte: number) => encode({ event: 'audio', audio: new Uint8Array([byte]) });
const finish = encode({ event: 'finish', reason: 'stop' });

/** A server which answers session n with the audio n; `onPing` may say more before it answers a ping. */
async function smallFish(onPing: (socket: WebSocket, sessions: number) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong: false });
  let [sessions, sockets] = [0, 0];
  server.on('connection', socket => {
    sockets += 1;
    socket.on('ping', payload => {
      onPing(socket, sessions);
      socket.pong(payload);
    });
    socket.on('message', (data: Buffer) => {
      const { event } = JSON.parse(JSON.stringify(decode(data)));
      if (event !== 'stop') return;
      sessions += 1;
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
    log: pino({ level: 'silent' }),
  });
  return {
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
  expect([await small.say(), await small.say(), await small.say()]).toEqual([[1], [2], [3]]);
  expect(small.sockets).toBe(1);
});

test.each<[string, Uint8Array]>([
  ['audio', audio(99)],
  ['a second finish', finish],
  ['an unknown event', encode({ event: 'usage' })],
  ['nonsense', new Uint8Array([0xc1])],
])(
  '%s after finish, still on its way when the next session wants to start, costs the socket',
  async (_name, stale) => {
    await using small = await smallFish((socket, sessions) => {
      if (sessions > 0) socket.send(stale);
    });
    expect([await small.say(), await small.say(), await small.say()]).toEqual([[1], [2], [3]]);
    expect(small.sockets).toBe(3);
  },
);
