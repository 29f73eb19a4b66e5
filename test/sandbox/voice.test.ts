import { once } from 'node:events';
import { entersState, type VoiceConnection, VoiceConnectionStatus } from '@discordjs/voice';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { join, READY_WITHIN_MS, speak } from '../support/voice-library.ts';
import { ANA, BEN, BOT, CAT, CHANNEL, GUILD, useVoiceScene, voiceServer } from '../support/voice-scene.ts';
import type { VoiceServer } from './discord/voice-server.ts';

useVoiceScene();

/** The next execution of a DAVE transition (op 22) in the library. */
function transitioned(connection: VoiceConnection): Promise<unknown> {
  return once(connection, 'transitioned', { signal: AbortSignal.timeout(READY_WITHIN_MS) });
}

/** Waits until the connection is in a group with all listeners, by the one thing they share: the privacy code. */
async function grouped(server: VoiceServer, connection: VoiceConnection): Promise<void> {
  const listeners = [...server.call(CHANNEL).listeners.values()];
  await until('one group', () => {
    const code = connection.voicePrivacyCode;
    return Boolean(code) && listeners.every(listener => listener.privacyCode === code);
  });
}

/** Waits for the last of these packets; then each of them was heard, in order, byte by byte, and nothing failed. */
async function heardBy(
  server: VoiceServer,
  people: readonly string[],
  sent: readonly Buffer[],
): Promise<void> {
  const call = server.call(CHANNEL);
  for (const person of people) {
    const listener = call.listeners.get(person);
    if (!listener) throw new Error(`${person} is not in the call`);
    const last = sent.at(-1);
    await until(
      'the last packet',
      () => last !== undefined && listener.speech().some(opus => opus.equals(last)),
    );
    expect(listener.speech().slice(-sent.length)).toEqual(sent);
    expect(listener.undecryptable).toBe(0);
  }
  expect(call.rejected).toBe(0);
}

test('a listener who joins later decrypts every frame', async () => {
  const server = await voiceServer();
  const call = server.call(CHANNEL);
  const connection = await join(server);
  await speak(connection, 5);
  await until('plain frames', () => call.datagrams.length === 5);
  expect(call.datagrams.every(datagram => !datagram.encrypted)).toBe(true);

  const ana = await call.addListener(ANA);
  const sent = await speak(connection, 20);
  await until('frames heard', () => ana.heard.length >= sent.length);
  expect(ana.speech()).toEqual(sent);
  expect(ana.heard.every(heard => heard.endToEnd)).toBe(true);
  expect([ana.undecryptable, ana.unencrypted, call.rejected]).toEqual([0, 0, 0]);
});

test.each([1, 2, 3])('a bot that joins a call of %i is decrypted by all', async count => {
  const server = await voiceServer();
  const call = server.call(CHANNEL);
  const people = [ANA, BEN, CAT].slice(0, count);
  for (const person of people) await call.addListener(person);
  const connection = await join(server);
  await grouped(server, connection);
  const sent = await speak(connection, 20);
  await heardBy(server, people, sent);
  const codes = new Set([...call.listeners.values()].map(listener => listener.privacyCode));
  expect([...codes]).toEqual([connection.voicePrivacyCode]);
});

test('listeners come and go, the channel empties and fills again', async () => {
  const server = await voiceServer();
  const call = server.call(CHANNEL);
  const connection = await join(server);
  await call.addListener(ANA);
  await heardBy(server, [ANA], await speak(connection, 10));

  const [, whileJoining] = await Promise.all([call.addListener(BEN), speak(connection, 20)]);
  await heardBy(server, [ANA], whileJoining);
  await heardBy(server, [ANA, BEN], await speak(connection, 10));

  await call.removeListener(ANA);
  await heardBy(server, [BEN], await speak(connection, 10));
  await grouped(server, connection);
  await call.removeListener(BEN);
  await until('the group is given up', () => !connection.voicePrivacyCode);
  const alone = call.datagrams.length;
  await speak(connection, 5);
  await until('frames to an empty channel', () => call.datagrams.length === alone + 5);
  expect(call.datagrams.slice(alone).some(datagram => datagram.encrypted)).toBe(false);

  await call.addListener(CAT);
  await call.addListener(ANA);
  await heardBy(server, [CAT, ANA], await speak(connection, 10));
});

test('one who leaves before the group is made does not hinder the other', async () => {
  const server = await voiceServer();
  const call = server.call(CHANNEL);
  const connection = await join(server);
  // Its key package has arrived when its first packets have.
  await speak(connection, 5);
  await until('the first packets', () => call.datagrams.length === 5);
  const joining = [call.addListener(BEN), call.addListener(CAT)];
  await Promise.resolve();
  await call.removeListener(CAT);
  await Promise.all(joining);
  await heardBy(server, [BEN], await speak(connection, 10));
});

test('a bot that leaves is taken out of the group, and may come back', async () => {
  const server = await voiceServer();
  const call = server.call(CHANNEL);
  await call.addListener(ANA);
  await call.addListener(BEN);
  const connection = await join(server);
  await grouped(server, connection);
  const before = call.listeners.get(ANA)?.privacyCode;
  connection.destroy();
  await until('the bot is out', () => call.clients.length === 0);
  await until('a new epoch', () => call.listeners.get(ANA)?.privacyCode !== before);
  const again = await join(server);
  await grouped(server, again);
  await heardBy(server, [ANA, BEN], await speak(again, 10));
});

test('a call goes down to version 0 and up to 1 again', async () => {
  const server = await voiceServer();
  const call = server.call(CHANNEL);
  const connection = await join(server);
  const ana = await call.addListener(ANA);
  const down = transitioned(connection);
  server.downgrade(CHANNEL);
  await down;
  await heardBy(server, [ANA], await speak(connection, 10));
  expect(ana.heard.at(-1)?.endToEnd).toBe(false);
  const up = transitioned(connection);
  server.upgrade(CHANNEL);
  await up;
  await heardBy(server, [ANA], await speak(connection, 10));
  expect(ana.heard.at(-1)?.endToEnd).toBe(true);
});

test('without DAVE nothing is encrypted end to end', async () => {
  const server = await voiceServer();
  const call = server.call(CHANNEL);
  await call.addListener(ANA);
  server.dave = false;
  const connection = await join(server);
  await heardBy(server, [ANA], await speak(connection, 10));
  expect(call.datagrams.some(datagram => datagram.encrypted)).toBe(false);
});

test('a client that is never let into the group is not heard', async () => {
  const server = await voiceServer();
  server.faults.noDave = true;
  const call = server.call(CHANNEL);
  const ana = await call.addListener(ANA);
  const connection = await join(server);
  await speak(connection, 10);
  await until('plain frames are counted', () => ana.unencrypted === 10);
  expect(ana.speech()).toEqual([]);
});

test.each([29, 30])('garbage in op %i is reported and repaired', async op => {
  const server = await voiceServer();
  const call = server.call(CHANNEL);
  const connection = await join(server);
  await call.addListener(ANA);
  await call.addListener(BEN);
  await grouped(server, connection);
  const before = connection.voicePrivacyCode;
  server.sendBinary(GUILD, BOT, Buffer.of(0, 99, op, 0, 77, 1, 2, 3));
  await until('another epoch', () => call.listeners.get(BEN)?.privacyCode !== before);
  await grouped(server, connection);
  await heardBy(server, [ANA, BEN], await speak(connection, 10));
});

test.each<[string, (server: VoiceServer) => void]>([
  ['cut', server => server.kill(GUILD, BOT)],
  ['closed with 4015', server => server.close(GUILD, BOT, 4015)],
])('a connection that was %s resumes, and loses not even those who came meanwhile', async (_how, lose) => {
  const server = await voiceServer();
  const call = server.call(CHANNEL);
  const connection = await join(server);
  await call.addListener(ANA);
  await heardBy(server, [ANA], await speak(connection, 5));
  const lost = once(connection, VoiceConnectionStatus.Connecting, {
    signal: AbortSignal.timeout(READY_WITHIN_MS),
  });
  lose(server);
  await Promise.all([call.addListener(BEN), lost]);
  await entersState(connection, VoiceConnectionStatus.Ready, READY_WITHIN_MS);
  expect([server.identifies, server.resumes]).toEqual([1, 1]);
  await grouped(server, connection);
  await heardBy(server, [ANA, BEN], await speak(connection, 10));
});

test('a refused Resume ends the session', async () => {
  const server = await voiceServer();
  const call = server.call(CHANNEL);
  const connection = await join(server);
  server.refuseResume = true;
  server.kill(GUILD, BOT);
  // The adapter of this test does not answer the library's wish to join anew.
  await entersState(connection, VoiceConnectionStatus.Signalling, READY_WITHIN_MS);
  expect([server.identifies, server.resumes]).toEqual([1, 1]);
  expect(call.clients).toEqual([]);
});
