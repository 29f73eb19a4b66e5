import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Cushion, PacketRoom } from '../../src/audio/cushion.ts';
import type { PacketCounts } from '../../src/audio/packet-counts.ts';
import { Player } from '../../src/audio/player.ts';
import { dropPrepared } from '../../src/call/internals.ts';
import { until } from '../support/until.ts';
import { join } from '../support/voice-library.ts';
import { ANA, afterwards, CHANNEL, packet, useVoiceScene, voiceServer } from '../support/voice-scene.ts';

// The player with a real connection of the voice library to a voice server of the sandbox, where Ana listens.

useVoiceScene();

/** A player that speaks to Ana, and what she hears. */
async function playing() {
  const server = await voiceServer();
  server.dave = false;
  const connection = await join(server);
  const ana = await server.call(CHANNEL).addListener(ANA);
  const faults: unknown[] = [];
  const counts: PacketCounts = { due: 0, sent: 0, late: 0 };
  const player = new Player(error => void faults.push(error), counts);
  afterwards(() => player[Symbol.dispose]());
  player.connect(connection);
  return { player, connection, ana, counts, faults };
}

/** A sound of `count` packets, all of them there at once; `fails` is thrown behind the last one. */
function sound(count: number, fails?: Error) {
  const packets = Array.from({ length: count }, packet);
  async function* source() {
    yield* packets;
    if (fails) throw fails;
  }
  const cushion = new Cushion(source(), { room: new PacketRoom(), signal: new AbortController().signal });
  return { packets, cushion };
}

const { signal } = new AbortController();

test('each packet is heard, in order; it has begun once, and ends in silence', async () => {
  const { player, ana, counts, faults } = await playing();
  const { packets, cushion } = sound(30);
  let begun = 0;
  await player.play(cushion, { signal, onBegun: () => void (begun += 1) });
  await until('all is heard', () => ana.speech().length === packets.length);
  expect(ana.speech()).toEqual(packets);
  expect(begun).toBe(1);
  expect(counts).toMatchObject({ due: packets.length, sent: packets.length });
  await until('the silence after it', () => ana.heard.length >= packets.length + 5);
  expect(faults).toEqual([]);
});

test('a pause holds the packets that were not heard, and none is lost or heard twice', async () => {
  const { player, ana } = await playing();
  const { packets, cushion } = sound(60);
  const played = player.play(cushion, { signal });
  await until('some is heard', () => ana.speech().length > 5);
  player.pause();
  expect(player.paused).toBe(true);
  await until('the silence of the pause', () => ana.heard.length >= ana.speech().length + 5);
  expect(ana.speech().length).toBeLessThan(packets.length);
  player.resume();
  await played;
  await until('all is heard', () => ana.speech().length === packets.length);
  expect(ana.speech()).toEqual(packets);
});

test('while it has no connection it waits, and goes on with the packet that was not sent', async () => {
  const { player, connection, ana } = await playing();
  const { packets, cushion } = sound(60);
  const played = player.play(cushion, { signal });
  await until('some is heard', () => ana.speech().length > 5);
  player.connect(null);
  dropPrepared(connection); // as the link does, which has the player connected and disconnected
  const before = cushion.played;
  await sleep(100);
  expect(cushion.played).toBe(before);
  player.connect(connection);
  await played;
  await until('all is heard', () => ana.speech().length === packets.length);
  expect(ana.speech()).toEqual(packets);
});

test('an utterance that is aborted falls silent with its reason, and the next one is heard whole', async () => {
  const { player, ana } = await playing();
  const first = sound(500);
  const skip = new AbortController();
  const played = player.play(first.cushion, { signal: skip.signal });
  const rejected = expect(played).rejects.toThrow('skipped');
  await until('some is heard', () => ana.speech().length > 5);
  skip.abort(new Error('skipped'));
  await rejected;
  const next = sound(10);
  await player.play(next.cushion, { signal });
  await until('the next one is heard', () => ana.speech().at(-1)?.equals(next.packets[9]!) ?? false);
  const heard = ana.speech();
  const ofFirst = heard.length - next.packets.length;
  expect(heard).toEqual([...first.packets.slice(0, ofFirst), ...next.packets]);
  expect(ofFirst).toBeLessThan(first.packets.length);
});

test('of a source that fails, what came before is heard; then its error is thrown', async () => {
  const { player, ana } = await playing();
  const { packets, cushion } = sound(10, new Error('broke off'));
  await expect(player.play(cushion, { signal })).rejects.toThrow('broke off');
  await until('what there was is heard', () => ana.speech().length === packets.length);
  expect(ana.speech()).toEqual(packets);
});
