import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import {
  ANA,
  afterwards,
  BEN,
  BOT,
  CHANNEL,
  GUILD,
  packet,
  TICKET,
  useVoiceScene,
  voiceServer,
} from '../support/voice-scene.ts';
import type { EncryptionMode, VoiceServer } from './discord/voice-server.ts';
import { RawVoiceClient, seal } from './raw-voice-client.ts';

useVoiceScene();

const identify = (token: string) => ({
  server_id: GUILD,
  user_id: BOT,
  session_id: TICKET.sessionId,
  token,
  max_dave_protocol_version: 1,
});

async function rawClient(server: VoiceServer, query?: string): Promise<RawVoiceClient> {
  const client = await RawVoiceClient.connect(server.endpoint, query);
  afterwards(async () => await client[Symbol.asyncDispose]());
  return client;
}

/** A client with op 2 in hand: its SSRC, and where its RTP is to go. */
async function identified(server: VoiceServer) {
  const client = await rawClient(server);
  const token = server.admit(TICKET);
  client.send(0, identify(token));
  const { d } = await client.next(2);
  expect(d['modes']).toEqual(server.modes);
  return { client, token, ssrc: Number(d['ssrc']), to: { ip: String(d['ip']), port: Number(d['port']) } };
}

describe.each<EncryptionMode>(['aead_aes256_gcm_rtpsize', 'aead_xchacha20_poly1305_rtpsize'])('%s', mode => {
  test('is opened, and what is wrong is rejected', async () => {
    const server = await voiceServer();
    server.dave = false;
    const call = server.call(CHANNEL);
    const ana = await call.addListener(ANA);
    const { client, to, ssrc } = await identified(server);
    const found = await client.discover(ssrc, to);
    expect(found.readUInt16BE()).toBe(2);
    expect(found.toString('ascii', 8, found.indexOf(0, 8))).toBe('127.0.0.1');
    const data = { address: '127.0.0.1', port: found.readUInt16BE(72), mode };
    client.send(1, { protocol: 'udp', data });
    const { d } = await client.next(4);
    expect(d).toMatchObject({ mode, dave_protocol_version: 0 });
    const secret = Buffer.from(d['secret_key'] as number[]);
    client.send(5, { speaking: 1, delay: 0, ssrc });

    const frames = Array.from({ length: 5 }, () => packet());
    const sealed = frames.map((frame, i) =>
      seal(mode, secret, { ssrc, sequence: (65_534 + i) & 0xffff, timestamp: 960 * i, nonce: i }, frame),
    );
    for (const datagram of sealed) client.datagram(datagram, to);
    await until('all frames heard', () => ana.heard.length === frames.length);
    expect(ana.speech()).toEqual(frames);
    expect(ana.heard.map(heard => heard.sequence)).toEqual([65_534, 65_535, 0, 1, 2]);

    const good = { ssrc, sequence: 9, timestamp: 0 };
    const wrong = [
      seal(mode, secret, { ...good, nonce: 20, head: 0x4078 }, packet()), // RTP version 1
      seal(mode, secret, { ...good, nonce: 21, head: 0x8079 }, packet()), // another payload type
      seal(mode, secret, { ...good, nonce: 22, ssrc: (ssrc ^ 1) >>> 0 }, packet()), // another's SSRC
      seal(mode, secret, { ...good, nonce: 4 }, packet()), // a nonce again
      seal(mode, Buffer.alloc(32), { ...good, nonce: 23 }, packet()), // another key
    ];
    for (const datagram of wrong) client.datagram(datagram, to);
    client.datagram(Buffer.alloc(8), to); // a keep-alive is none of them
    await until('all rejected', () => call.rejected === wrong.length);
    expect(call.datagrams).toHaveLength(frames.length);
    expect(call.speaking).toMatchObject([{ userId: BOT, speaking: 1 }]);
  });
});

describe('strictness', () => {
  const select = (mode: string) => ({ protocol: 'udp', data: { address: '127.0.0.1', port: 9, mode } });

  test.each<[string, number, (token: string) => object]>([
    ['a token never given', 4004, token => ({ ...identify(token), token: 'x' })],
    ['a foreign session', 4006, token => ({ ...identify(token), session_id: 'x' })],
    ['a user without a ticket', 4006, token => ({ ...identify(token), user_id: ANA })],
    ['an unknown guild', 4011, token => ({ ...identify(token), server_id: '1' })],
    ['no DAVE', 4017, token => ({ ...identify(token), max_dave_protocol_version: 0 })],
    ['a missing field', 4002, token => ({ ...identify(token), user_id: undefined })],
  ])('Identify with %s is closed with %i', async (_what, code, frame) => {
    const server = await voiceServer();
    const client = await rawClient(server);
    client.send(0, frame(server.admit(TICKET)));
    expect(await client.closed).toBe(code);
    expect(server.identifies).toBe(code === 4002 ? 0 : 1);
  });

  test('an old token is closed with 4006', async () => {
    const server = await voiceServer();
    const old = server.admit(TICKET);
    server.admit(TICKET);
    const client = await rawClient(server);
    client.send(0, identify(old));
    expect(await client.closed).toBe(4006);
  });

  test.each<[string, number, (client: RawVoiceClient) => void]>([
    ['Select Protocol', 4003, client => client.send(1, select('aead_aes256_gcm_rtpsize'))],
    ['an unknown opcode', 4001, client => client.send(99, {})],
    ['a key package', 4003, client => client.raw(Buffer.of(26, 0, 1))],
    ['a Resume of nothing', 4006, client => client.send(7, { ...identify('x'), seq_ack: 0 })],
    ['text that is no JSON', 4002, client => client.raw('{')],
    ['an empty binary frame', 4002, client => client.raw(Buffer.alloc(0))],
  ])('first, %s is closed with %i', async (_what, code, say) => {
    const client = await rawClient(await voiceServer());
    await client.next(8);
    say(client);
    expect(await client.closed).toBe(code);
  });

  test.each<[string, number, (client: RawVoiceClient) => void]>([
    ['Identify again', 4005, client => client.send(0, identify('x'))],
    ['an unknown mode', 4016, client => client.send(1, select('xsalsa20_poly1305'))],
    ['a mode not offered', 4016, client => client.send(1, select('aead_xchacha20_poly1305_rtpsize'))],
    ['an unknown protocol', 4012, client => client.send(1, { ...select('x'), protocol: 'webrtc' })],
    ['an SSRC that is not its own', 4020, client => client.send(5, { speaking: 1, delay: 0, ssrc: 0 })],
    ['DAVE too early', 4003, client => client.raw(Buffer.of(26, 0, 1))],
  ])('after Identify, %s is closed with %i', async (_what, code, say) => {
    const server = await voiceServer();
    server.modes = ['aead_aes256_gcm_rtpsize'];
    const { client } = await identified(server);
    say(client);
    expect(await client.closed).toBe(code);
    expect(server.call(CHANNEL).clients).toEqual([]);
  });

  test('Resume repeats what was not acknowledged, in order, and that alone', async () => {
    const server = await voiceServer();
    server.dave = false;
    const call = server.call(CHANNEL);
    const { client, token } = await identified(server);
    await call.addListener(ANA);
    const { seq } = await client.next(11);
    server.kill(GUILD, BOT);
    await client.closed;
    await call.addListener(BEN);
    await call.removeListener(ANA);
    const again = await rawClient(server);
    again.send(7, { server_id: GUILD, session_id: TICKET.sessionId, token, seq_ack: seq });
    await again.next(9);
    expect(await again.next(11)).toMatchObject({ d: { user_ids: [BEN] }, seq: Number(seq) + 1 });
    expect(await again.next(13)).toMatchObject({ d: { user_id: ANA }, seq: Number(seq) + 2 });
    expect(call.clients).toEqual([BOT]);
  });

  test('another gateway version is refused', async () => {
    const server = await voiceServer();
    const client = await rawClient(server, '?v=4');
    expect(await client.closed).toBe(4012);
  });

  test('a key package that is none is closed with 4020', async () => {
    const server = await voiceServer();
    const { client } = await identified(server);
    client.send(1, select('aead_aes256_gcm_rtpsize'));
    await client.next(4);
    client.raw(Buffer.of(26, 0, 1, 0, 2, 1));
    expect(await client.closed).toBe(4020);
  });

  test('a client without a heartbeat is closed with 4009', async () => {
    const server = await voiceServer();
    server.heartbeatMs = 100;
    const { client } = await identified(server);
    client.send(3, { t: 5, seq_ack: -1 });
    expect(await client.next(6)).toEqual({ op: 6, d: { t: 5 } });
    expect(await client.closed).toBe(4009);
  });

  test('evict closes with 4014, and the ticket is void', async () => {
    const server = await voiceServer();
    const { client, token } = await identified(server);
    server.evict(GUILD, BOT);
    expect(await client.closed).toBe(4014);
    const again = await rawClient(server);
    again.send(0, identify(token));
    expect(await again.closed).toBe(4006);
  });

  test('discovery after the protocol was selected is answered, or not where that is a fault', async () => {
    const server = await voiceServer();
    const { client, ssrc, to } = await identified(server);
    client.send(1, select('aead_aes256_gcm_rtpsize'));
    await client.next(4);
    const call = server.call(CHANNEL);
    expect(call.probed).toBe(0);
    await client.discover(ssrc, to);
    expect(call.probed).toBe(1);
    server.faults.noLateDiscovery = true;
    const answer = client.discover(ssrc, to).then(() => 'answered');
    const silence = sleep(500).then(() => 'not answered');
    expect(await Promise.race([answer, silence])).toBe('not answered');
    delete server.faults.noLateDiscovery;
    await client.discover(ssrc, to);
    await answer; // it takes the answer to the next one
    expect(call.probed).toBe(2);
  });

  test('lost discovery datagrams stay lost', async () => {
    const server = await voiceServer();
    server.faults.dropDiscovery = 1;
    const { client, ssrc, to } = await identified(server);
    const lost = Buffer.alloc(74);
    lost.writeUInt16BE(1);
    lost.writeUInt16BE(70, 2);
    lost.writeUInt32BE(ssrc, 4);
    client.datagram(lost, to);
    await until('one is lost', () => server.faults.dropDiscovery === 0);
    expect((await client.discover(ssrc, to)).readUInt32BE(4)).toBe(ssrc);
  });
});
