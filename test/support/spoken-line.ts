import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

const BEGINNING_PACKETS = 20;
const BEGINNING_MS = 20_000;

export interface ListenerOptions {
  readonly name: string;
  /** Is in the voice channel of the guild. */
  readonly person: FakeUser;
  /** Members who are not. */
  readonly others?: readonly FakeUser[];
  /** The voice server that its call is on, by its place; the first one if absent. */
  readonly voiceServer?: number;
}

/** Makes a guild in whose voice channel somebody listens. */
export async function listeningGuild(
  { discord }: Stage,
  { name, person, others = [], voiceServer = 0 }: ListenerOptions,
): Promise<{ guild: FakeGuild; listener: Listener }> {
  const guild = discord.addGuild({ name });
  discord.settleCalls(guild.voiceChannel, voiceServer);
  for (const user of [person, ...others]) guild.addMember(user);
  return { guild, listener: await discord.join(person, guild.voiceChannel) };
}

/** A line that is being heard in a guild. */
export interface SpokenLine {
  readonly guild: FakeGuild;
  readonly listener: Listener;
  /** All that Fish Audio has sent of it so far. */
  packets(): readonly Buffer[];
  /** Which packets of it somebody has heard, by their place in the line; -1 for a packet of something else. */
  numbers(one?: Listener): readonly number[];
  /** Waits until somebody has heard its last packet. */
  untilEnd(one?: Listener): Promise<void>;
}

/** Makes a guild in which somebody has a line said and has heard its beginning. */
export async function spokenLine(
  stage: Stage,
  { patienceMs = 20_000, ...options }: ListenerOptions & { readonly patienceMs?: number },
): Promise<SpokenLine> {
  const { discord, fish } = stage;
  const { guild, listener } = await listeningGuild(stage, options);
  const text = `This is said in ${options.name}.`;
  const length = fish.behaviour.packets;
  if (length === undefined) throw new Error('the lines of this stage have no fixed length');
  await discord.command(options.person, guild, 'say', { text }).reply();
  await until(`speech in ${options.name}`, () => listener.speech().length > BEGINNING_PACKETS, BEGINNING_MS);
  const packets = () => fish.sessions.find(session => session.text.includes(text))?.packets ?? [];
  const numbers = (one = listener) => {
    const sent = packets().map(packet => packet.toString('latin1'));
    return one.speech().map(packet => sent.indexOf(packet.toString('latin1')));
  };
  return {
    guild,
    listener,
    packets,
    numbers,
    untilEnd: (one = listener) =>
      until(
        `the end in ${options.name}`,
        () => {
          const last = packets()[length - 1];
          return last !== undefined && one.speech().at(-1)?.equals(last) === true;
        },
        patienceMs,
      ),
  };
}

/** How often the people of a guild were told something, in whichever channel. */
export function timesTold({ discord }: Stage, guild: FakeGuild, words: RegExp): number {
  return [...guild.channels.values()]
    .flatMap(channel => discord.messages(channel))
    .filter(message => words.test(JSON.stringify(message))).length;
}
