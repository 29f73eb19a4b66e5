import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_QUESTION } from './canned-answer.ts';
import type { FakeInteraction } from './discord/discord.ts';
import type { Listener } from './discord/voice-api.ts';
import { writeOggOpus } from './fish/ogg-writer.ts';
import type { FishSession } from './fish/session-record.ts';
import { readable, timeline, waiting } from './terminal.ts';
import { startWorld, type World } from './world.ts';

/**
 * `npm run sandbox -- "words"`: somebody uses `/say` or `/ask`, and what a listener in the voice channel decrypted
 * goes to a file.
 */

const DEFAULT_WORDS = 'Hello! I am Parrotfish, and this is what the voice channel heard.';
const READY_WITHIN_MS = 60_000;
const HEARD_WITHIN_MS = 120_000;
/** Speech is over when the listener has heard all that Fish sent, or nothing new for this long. */
const QUIET_MS = 5_000;
/** The bot that has answered and so long asks Fish Audio for nothing will say nothing. */
const NOTHING_MS = 3_000;
const POLL_MS = 20;
const PACKETS_PER_SECOND = 50;

interface Once {
  readonly kind: 'say' | 'ask';
  readonly words: string;
  readonly voice: string | undefined;
  readonly out: string;
}

/** Returns the exit code: 0 if all that Fish Audio sent was heard, or the bot said why there was nothing to say. */
export async function runOnce(task: Once, signal: AbortSignal): Promise<number> {
  console.log('Starting a Discord and a Fish Audio on this machine, and the bot against them …');
  await using world = await startWorld();
  const aborted = signal.aborted ? Promise.resolve(130) : once(signal, 'abort').then(() => 130);
  return await Promise.race([perform(world, task), aborted]);
}

async function perform(world: World, task: Once): Promise<number> {
  const { discord, guild, ana, bot } = world;
  const listener = await discord.join(ana, guild.voiceChannel);
  try {
    await waiting('the bot starts', discord.ready(READY_WITHIN_MS));
  } catch {
    console.error(`The bot did not start:\n${bot.output}`);
    return 1;
  }
  await sleep(500); // its spare connection to Fish is made while it logs in
  const asks = task.kind === 'ask';
  const words = task.words || (asks ? DEFAULT_QUESTION : DEFAULT_WORDS);
  const voice = task.voice === undefined ? undefined : await voiceOf(world, task.voice);
  if (voice === null) return 1;
  if (asks) {
    const file = { name: 'settings.json', bytes: Buffer.from('{"ask":true}') };
    await discord.command(ana, guild, 'settings import', { file }).reply();
    console.log('The language model is the sandbox’s own: it has one canned answer, and needs no account.');
  }
  console.log(`Ana is in the voice channel and types:  ${asks ? '/ask' : '/say'} ${words}\n`);
  const use = asks
    ? discord.command(ana, guild, 'ask', { prompt: words })
    : discord.command(ana, guild, 'say', { text: words, ...(voice !== undefined && { voice }) });
  const reply = readable(await waiting('the bot answers', use.reply()), guild);
  console.log(`The bot ${asks ? 'begins to answer, to all' : 'answers, to Ana alone'}:  ${reply}\n`);

  if (!(await waiting('the bot asks Fish Audio to speak', begun(world)))) {
    console.log('So there is nothing to hear, and nothing was billed.');
    return 0;
  }
  await waiting('Ana listens', heardAll(world, listener, use));
  return await report(world, task, { use, listener });
}

/** The id of a voice that people name; null, and a word to them, if there is none. */
async function voiceOf({ discord, guild, ana, fish }: World, name: string): Promise<string | null> {
  if (fish.library.get(name)) return name;
  const found = await discord.autocomplete(ana, guild, 'say', 'voice', { voice: name, text: 'x' });
  const value = found.find(one => fish.library.get(String(one['value'])))?.['value'];
  if (typeof value === 'string') return value;
  const some = fish.library.voices.slice(0, 8).map(({ title }) => title);
  console.error(`No voice of the sandbox is called "${name}". Some are: ${some.join(', ')}.`);
  return null;
}

/** Whether Fish Audio is asked for anything. */
async function begun({ fish }: World): Promise<boolean> {
  const deadline = performance.now() + NOTHING_MS;
  while (fish.sessions.length === 0 && performance.now() < deadline) await sleep(POLL_MS);
  return fish.sessions.length > 0;
}

async function heardAll({ fish }: World, listener: Listener, use: FakeInteraction): Promise<void> {
  const deadline = performance.now() + HEARD_WITHIN_MS;
  const whole = () => {
    const session = spokenBy(fish);
    return session !== undefined && heardOf(session, listener).length >= session.packets.length;
  };
  const quiet = () => {
    const last = listener.heard.at(-1)?.at ?? use.at;
    const ended = fish.sessions.every(session => session.ended !== undefined);
    return ended && performance.now() - last > QUIET_MS;
  };
  while (!whole() && !quiet() && performance.now() < deadline) await sleep(POLL_MS);
}

/**
 * The session that has said the words. A busy machine may have begun another one before it, which the bot took for
 * dead.
 */
function spokenBy({ sessions }: World['fish']): FishSession | undefined {
  return sessions.findLast(({ ended }) => ended === 'finish');
}

/** What a listener heard of a session; five packets of silence may follow, which are left out. */
function heardOf({ packets }: FishSession, { heard }: Listener): Listener['heard'] {
  const [first] = packets;
  const from = heard.findIndex(({ opus }) => first?.equals(opus));
  return from < 0 ? [] : heard.slice(from, from + packets.length);
}

async function report(
  { fish, model, bot, guild }: World,
  { kind, out }: Once,
  { use, listener }: { use: FakeInteraction; listener: Listener },
): Promise<number> {
  const session = spokenBy(fish);
  const heard = session ? heardOf(session, listener) : [];
  const [first] = heard;
  const last = heard.at(-1);
  if (!session || !first || !last) {
    console.error(`Nothing was heard. The bot's log:\n${bot.output}`);
    return 1;
  }
  const since = (at: number | undefined) => (at === undefined ? undefined : at - use.at);
  const connected = fish.handshakes.find(({ status }) => status === 101)?.at;
  const spare = connected !== undefined && connected < use.at;
  const written = model.requests[0]?.tokens.at(-1)?.at;
  const lines = timeline([
    [since(connected), `Fish Audio connected${spare ? ' (a spare connection, ready in advance)' : ''}`],
    [since(session.startedAt), 'text sent to Fish Audio'],
    [(await use.firstResponse).ms, 'first response to the command'],
    [since(session.firstAudioAt), 'first audio from Fish Audio'],
    [since(first.at), 'first packet heard in the voice channel'],
    ...(kind === 'ask' ? [[since(written), 'answer written to its end'] as const] : []),
    [since(session.finishedAt), 'Fish Audio finished'],
    [since(last.at), 'last packet heard'],
  ]);
  console.log(`Timeline, from the command on\n${lines.join('\n')}\n`);
  console.log(`Fish Audio was asked to say:  ${readable(session.text.trim(), guild)}\n`);

  const speech = heard.map(packet => packet.opus);
  const same =
    speech.length === session.packets.length && speech.every((p, i) => p.equals(session.packets[i] ?? p));
  const unencrypted = heard.filter(packet => !packet.endToEnd && !packet.silence).length;
  writeFileSync(out, writeOggOpus(speech));
  console.log(
    `${speech.length} of ${session.packets.length} packets heard, ${same ? 'each byte for byte as Fish Audio sent it' : 'NOT all as Fish Audio sent them'},`,
  );
  console.log(
    `${unencrypted === 0 ? 'each end-to-end encrypted' : `${unencrypted} of them NOT end-to-end encrypted`}. ${session.bytes} bytes of text billed.`,
  );
  console.log(`Listen to it: ${out} (${(speech.length / PACKETS_PER_SECOND).toFixed(1)} s)`);
  const { code } = await bot.stop();
  if (code !== 0) console.error(`The bot ended with exit code ${code}:\n${bot.output}`);
  return same && code === 0 ? 0 : 1;
}
