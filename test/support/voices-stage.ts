import type { FakeUser } from '../sandbox/discord/discord.ts';
import { type Stage, startStage } from './stage.ts';
import { until } from './until.ts';

const PATIENCE_MS = 90_000;
/** As soon as so many requests were made, the bot knows the voices of Fish Audio's library. */
const REQUESTS = 15;

/**
 * Starts a stage on which the bot knows Fish Audio's voices, and Fish Audio takes no others. The client of Ben is
 * German. Interactions have the three seconds that they have at Discord.
 */
export async function startVoicesStage(): Promise<{ stage: Stage; ana: FakeUser; ben: FakeUser }> {
  const people: FakeUser[] = [];
  const stage = await startStage(
    { faults: { interactionTtlMs: 3_000 }, fish: { packets: 15, strictVoices: true } },
    discord => {
      people.push(discord.addUser('Ana'), discord.addUser('Ben', { locale: 'de' }));
    },
  );
  const [ana, ben] = people as [FakeUser, FakeUser];
  await until('the library is read', () => stage.fish.calls.length >= REQUESTS, PATIENCE_MS);
  return { stage, ana, ben };
}
