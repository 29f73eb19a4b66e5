import { setTimeout as sleep } from 'node:timers/promises';
import type { CloseCode, FishBehaviour } from '../sandbox/fish/behaviour.ts';
import { realisticBehaviour } from '../sandbox/fish/behaviour.ts';
import { lineOf } from './lines.ts';
import { speechRoom } from './speech-room.ts';
import { endsWith, faultsIn, stretchesHeard, wordsIn } from './words-heard.ts';

/** How the socket of Fish Audio breaks: with this close code, after so many packets of a line. */
export interface Break {
  readonly code: CloseCode;
  readonly afterPackets: number;
}

/** What a listener heard of a line during which the socket of Fish Audio broke. */
export interface SecondTry extends Break {
  /** What is wrong with the words that were heard: see `faultsIn`. */
  readonly faults: readonly string[];
  /** How many milliseconds longer the line took, from its first packet to its last, than its packets play. */
  readonly extraMs: number;
}

interface SecondTriesOptions {
  readonly text: string;
  /** In how many guilds lines are said at the same time. */
  readonly servers: number;
}

const PACKET_MS = 20;
const PATIENCE_MS = 60_000;
const LOOK_MS = 20;

/** The fake Fish Audio is as fast as the real one, and its renditions of a text differ by up to 20 %. */
const FISH: Partial<FishBehaviour> = { ...realisticBehaviour, voice: 'numbered', packets: undefined };

/**
 * Says a text once for each break in voice channels of the sandbox, and tells what was heard. It needs a voice scene
 * (see `useVoiceScene`).
 */
export async function secondTries(
  breaks: readonly Break[],
  { text, servers }: SecondTriesOptions,
): Promise<SecondTry[]> {
  const pending = new Map<string, Break>();
  const faultOf = (voice: string) => {
    const found = pending.get(voice);
    pending.delete(voice);
    return found && ({ kind: 'close', ...found } as const);
  };
  const room = await speechRoom({ fish: { ...FISH, faultOf }, concurrency: servers + 1 });
  const tries: SecondTry[] = [];
  const left = [...breaks.entries()];
  const lane = async (guildId: string) => {
    const [session, listener] = [room.open(guildId), await room.listen(guildId)];
    await session.joined;
    for (let next = left.shift(); next; next = left.shift()) {
      const [number, broken] = next;
      const voice = `voice-${number}`;
      pending.set(voice, broken);
      const before = listener.heard.length;
      const line = lineOf(text, { digest: voice, manner: { ...lineOf(text).manner, voice } });
      session.conversation.say(line);
      const own = () => room.server.sessions.filter(({ request }) => request['reference_id'] === voice);
      const deadline = performance.now() + PATIENCE_MS;
      const isOver = () => line.outcomes.length > 0 && endsWith(listener.speech(), own().at(-1));
      while (!isOver()) {
        if (performance.now() > deadline)
          throw new Error(`${JSON.stringify(broken)} was not heard to its end`);
        await sleep(LOOK_MS);
      }
      const heard = listener.heard.slice(before).filter(({ silence }) => !silence);
      const lastedMs = (heard.at(-1)?.at ?? 0) - (heard[0]?.at ?? 0);
      const packets = heard.map(({ opus }) => opus);
      const words = Math.max(...own().map(each => each.words.length));
      tries.push({
        ...broken,
        faults: faultsIn(wordsIn(stretchesHeard(own(), packets)), words),
        extraMs: Math.max(0, lastedMs - PACKET_MS * (heard.length - 1)),
      });
    }
  };
  await Promise.all(
    Array.from({ length: servers }, (_, index) => lane(String(810_000_000_000_000_000n + BigInt(index)))),
  );
  return tries;
}

/** The quantile of the values for a share from 0 to 1; 0.5 gives the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
