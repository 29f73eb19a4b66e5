import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { VoiceConnection } from '@projectdysnomia/dysnomia';
import { expect, test } from 'vitest';
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

// An independent voice engine, unmodified: it proves that the server speaks Discord's protocol, not one library's.

const READY_WITHIN_MS = 60_000;
const PACKET_MS = 5;

useVoiceScene();

async function join(server: VoiceServer): Promise<VoiceConnection> {
  // Shared: without a converter process, which is not needed for Opus packets.
  const connection = new VoiceConnection(GUILD, { shared: true, opusOnly: true });
  afterwards(() => connection.disconnect());
  connection.on('error', () => undefined);
  const ready = once(connection, 'ready', { signal: AbortSignal.timeout(READY_WITHIN_MS) });
  connection.connect({
    channel_id: CHANNEL,
    endpoint: server.endpoint,
    session_id: TICKET.sessionId,
    token: server.admit(TICKET),
    user_id: BOT,
  });
  await ready;
  return connection;
}

async function speak(connection: VoiceConnection): Promise<Buffer[]> {
  const sent = Array.from({ length: 10 }, packet);
  for (const next of sent) {
    connection.sendAudioFrame(next);
    await sleep(PACKET_MS);
  }
  return sent;
}

test.each<EncryptionMode>(['aead_aes256_gcm_rtpsize', 'aead_xchacha20_poly1305_rtpsize'])(
  'Dysnomia is heard in %s, by those who were there and those who come',
  async mode => {
    const server = await voiceServer();
    server.modes = [mode];
    const call = server.call(CHANNEL);
    const ana = await call.addListener(ANA);
    const connection = await join(server);
    await until(
      'one group',
      () => ana.privacyCode !== null && connection.voicePrivacyCode === ana.privacyCode,
    );
    const alone = await speak(connection);
    await until('Ana heard all', () => ana.speech().length === alone.length);
    const ben = await call.addListener(BEN);
    const both = await speak(connection);
    await until('Ben heard all', () => ben.speech().length === both.length);
    expect(ana.speech()).toEqual([...alone, ...both]);
    expect(ben.speech()).toEqual(both);
    expect([ana.undecryptable, ana.unencrypted, ben.undecryptable, call.rejected]).toEqual([0, 0, 0, 0]);
    expect(call.datagrams.every(datagram => datagram.mode === mode)).toBe(true);
  },
);

test('Dysnomia resumes after its connection was cut', async () => {
  const server = await voiceServer();
  const call = server.call(CHANNEL);
  const connection = await join(server);
  const ana = await call.addListener(ANA);
  let resumed = false;
  connection.on('resumed', () => {
    resumed = true;
  });
  server.kill(GUILD, BOT);
  await until('resumed', () => resumed);
  const sent = await speak(connection);
  await until('all heard', () => ana.speech().length === sent.length);
  expect(ana.speech()).toEqual(sent);
  expect([server.identifies, server.resumes]).toEqual([1, 1]);
});
