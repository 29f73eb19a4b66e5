import { createFish } from '../../src/fish/fish.ts';
import { speak } from '../../src/fish/speak.ts';
import { createLog } from '../../src/log.ts';
import { openStore } from '../../src/store/open.ts';

// A process that shares an account at Fish Audio with others and can be killed: it has lines said in so many guilds,
// one after another in each, and prints a line for each that was said. Arguments: the URL of the database, that of Fish
// Audio, its key, and how many guilds.

const [databaseUrl = '', url = '', apiKey = '', guilds = ''] = process.argv.slice(2);
const log = createLog('silent', []);
const store = await openStore({ url: databaseUrl, lease: 'fish-child', log });
const sharing = store.fishSlots('account');
const fish = createFish({ url, apiKey, model: 's2.1-pro', concurrency: 'auto', log, sharing });

async function speakIn(lane: string): Promise<never> {
  const { signal } = new AbortController();
  for (;;) {
    for await (const _ of speak(fish, { lane, text: 'One line of many.' }, { signal }));
    process.stdout.write(`${lane}\n`);
  }
}

await Promise.all(Array.from({ length: Number(guilds) }, (_guild, number) => speakIn(`child ${number}`)));
