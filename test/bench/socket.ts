import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { generate } from 'selfsigned';
import { createFish, type Fish } from '../../src/fish/fish.ts';
import { speak } from '../../src/fish/speak.ts';
import { startFish } from '../sandbox/fish/fish.ts';
import { startDistance } from './distance.ts';
import { median, ms, type Row, times } from './figures.ts';
import { trust } from './seated.ts';

/**
 * B2: from asking to the first audio event of a Fish Audio that answers at once, `rtt` away, over TLS: with the
 * pool's spare socket, beside a socket made for the utterance, as most clients do.
 */

const REPEATS = 7;
const RTTS_MS = [40, 100];

/** B19: Fish's own times at what is heard after a silent loss of the network. */
const LOST = { connectMs: 330, firstAudioMs: 300 };
const IDLE_SOCKETS = 4;
const LOST_TARGET_MS = 3_000;

async function firstAudioMs(fish: Fish): Promise<number> {
  const from = performance.now();
  const bytes = speak(fish, { lane: 'bench', text: 'Hello.' }, { signal: AbortSignal.timeout(10_000) });
  await bytes.next();
  const took = performance.now() - from;
  for await (const _ of bytes);
  return took;
}

/** B19: the network loses four idle sockets without a word; from asking for the next line to its first audio. */
async function lostRow(): Promise<Row> {
  const took: number[] = [];
  for (let repeat = 0; repeat < 3; repeat += 1) {
    await using server = await startFish({ ...LOST, packets: 5, maxConcurrency: 8 });
    await using fish = createFish({
      url: server.url,
      apiKey: server.apiKey,
      model: 's2.1-pro',
      concurrency: 8,
      log: pino({ level: 'silent' }),
    });
    const lanes = Array.from({ length: IDLE_SOCKETS }, (_, lane) => `${lane}`);
    server.behaviour.packets = 2_000;
    server.behaviour.realtimeFactor = 40;
    const signal = AbortSignal.timeout(20_000);
    const busy = lanes.map(async lane => {
      for await (const _ of speak(fish, { lane, text: 'Busy.' }, { signal }));
    });
    while (fish.status().spares < IDLE_SOCKETS) await sleep(10);
    await Promise.all(busy);
    while (server.openSockets > fish.status().spares) await sleep(10);
    delete server.behaviour.packets;
    delete server.behaviour.realtimeFactor;
    server.loseSockets();
    took.push((await firstAudioMs(fish)) - LOST.firstAudioMs);
  }
  const worst = Math.max(...took);
  return {
    id: 'B19',
    what: `asked → first audio, Fish's own taken off, after ${IDLE_SOCKETS} idle sockets were lost in silence`,
    ours: `${ms(median(took), 0)}, at most ${ms(worst, 0)}`,
    beside: `opening a socket there takes ${ms(LOST.connectMs, 0)}; without a probe, 8 s`,
    target: `≤ ${ms(LOST_TARGET_MS, 0)}`,
    met: worst <= LOST_TARGET_MS,
  };
}

export async function socketRows(): Promise<Row[]> {
  const pem = await generate([{ name: 'commonName', value: 'Parrotfish bench, sockets' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  trust(pem.cert);
  await using server = await startFish({ firstAudioMs: 0, connectMs: 0, packets: 5 });
  const rows: Row[] = [await lostRow()];
  for (const rtt of RTTS_MS) {
    await using distance = await startDistance(Number(new URL(server.url).port), rtt, {
      cert: pem.cert,
      key: pem.private,
    });
    const options = {
      url: `https://localhost:${distance.port}`,
      apiKey: server.apiKey,
      model: 's2.1-pro' as const,
      concurrency: 5,
      log: pino({ level: 'silent' }),
    };
    const warm: number[] = [];
    const fresh: number[] = [];
    await using pooled = createFish(options);
    await sleep(rtt * 6 + 200);
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      warm.push(await firstAudioMs(pooled));
      await using once = createFish(options);
      fresh.push(await firstAudioMs(once));
      await sleep(rtt * 3);
    }
    const [own, usual] = [median(warm), median(fresh)];
    rows.push({
      id: 'B2',
      what: `asked → first audio event, ${rtt} ms away`,
      ours: ms(own, 0),
      beside: `a socket per utterance ${ms(usual, 0)} (${times(own / usual)}); floor ${rtt} ms`,
      target: `≤ ${rtt + 10} ms, ≤ 0.35×`,
      met: own <= rtt + 10 && own <= 0.35 * usual,
    });
  }
  return rows;
}
