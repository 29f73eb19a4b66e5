import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { VoiceUDPSocket } from '@discordjs/voice';
import { expect, test } from 'vitest';
import { guardVoiceLibrary } from '../../src/call/guards.ts';
import { until } from '../support/until.ts';

guardVoiceLibrary();

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** A discovery. What it asks in detail does not matter here. */
const request = Buffer.alloc(74);

/** The answer to a discovery (Discord, "Voice Connections": IP Discovery). */
function answer({ port }: RemoteInfo): Buffer {
  const datagram = Buffer.alloc(74);
  datagram.writeUInt16BE(2, 0);
  datagram.writeUInt16BE(70, 2);
  datagram.write('127.0.0.1', 8);
  datagram.writeUInt16BE(port, 72);
  return datagram;
}

/** Has a discovery answered by a voice server, either from its own port or from another one. */
async function discovered(fromOther: boolean) {
  const [server, other] = [await bound(), await bound()];
  const open = new Set([server, other]);
  const close = (socket: Socket) => open.delete(socket) && socket.close();
  const answering = fromOther ? other : server;
  let probes = 0;
  server.on('message', (datagram, sender) => {
    if (datagram.length !== 74) return;
    probes += 1;
    answering.send(answer(sender), sender.port, sender.address);
  });
  const udp = new VoiceUDPSocket({ ip: '127.0.0.1', port: server.address().port });
  const errors: unknown[] = [];
  udp.on('error', error => errors.push(error));
  let answers = 0;
  udp.on('message', () => (answers += 1));
  await udp.performIPDiscovery(1);
  await until('a later discovery is answered', () => {
    udp.send(request); // what is sent while the system connects the socket is lost
    return probes >= 2 && answers >= 2;
  });
  return {
    udp,
    server,
    errors,
    stopServer: () => close(server),
    [Symbol.dispose]() {
      udp.destroy();
      for (const socket of open) close(socket);
    },
  };
}

test('a voice server that answers from another port than it listens at is heard, and gets what is sent', async () => {
  using call = await discovered(true);
  const came: string[] = [];
  call.server.on('message', datagram => came.push(String(datagram)));
  call.udp.send(Buffer.from('packet'));
  await until('it has come', () => came.includes('packet'));
});

test('where nobody listens any more, the socket hears it, and sending throws nothing', async () => {
  using call = await discovered(false);
  call.stopServer();
  await until('the system tells that nobody listens', () => {
    call.udp.send(Buffer.from('packet'));
    return call.errors.length > 0;
  });
  expect(String(call.errors[0])).toContain('ECONNREFUSED');
  expect(() => call.udp.send(Buffer.from('packet'))).not.toThrow();
});
