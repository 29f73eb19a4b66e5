import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { pino } from 'pino';
import { generate } from 'selfsigned';
import { createFish, type Fish } from '../../src/fish/fish.ts';
import { speak } from '../../src/fish/speak.ts';
import { startFish } from '../sandbox/fish/fish.ts';
import { startDistance } from './distance.ts';
import { median, ms, type Row, times } from './figures.ts';

/**
 * B2: from asking to the first audio event of a Fish Audio that answers at once, `rtt` away, over TLS: with the
 * pool's spare socket, beside a socket made for the utterance, as most clients do.
 */

const REPEATS = 7;
const RTTS_MS = [40, 100];

async function firstAudioMs(fish: Fish): Promise<number> {
  const from = performance.now();
  const bytes = speak(fish, { lane: 'bench', text: 'Hello.' }, { signal: AbortSignal.timeout(10_000) });
  await bytes.next();
  const took = performance.now() - from;
  for await (const _ of bytes);
  return took;
}

export async function socketRows(): Promise<Row[]> {
  const pem = await generate([{ name: 'commonName', value: 'Parrotfish bench, sockets' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), pem.cert]);
  await using server = await startFish({ firstAudioMs: 0, connectMs: 0, packets: 5 });
  const rows: Row[] = [];
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
