import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bot } from '../sandbox/bot.ts';
import { Random } from './random.ts';
import { returningScene } from './returning.ts';

/** The bot is killed after a random time, at most so many milliseconds. */
const LONGEST_LIFE_MS = 2_500;
/** Between two things that people do there is a random pause of at most so many milliseconds. */
const LONGEST_PAUSE_MS = 120;

/** Where the bot is to be, by the last answer that people got; `unknown` if it was killed before it answered. */
type Wanted = 'here' | 'away' | 'unknown';

/** The answers that say that a command was done. */
const DONE = { join: /made by a computer/, leave: /I left/ };

/** How a run went. What it finds wrong is thrown. */
export interface KillReport {
  /** For each start: milliseconds from IDENTIFY until the bot was in its channel; sorted. */
  readonly backMs: readonly number[];
  readonly wordsAcknowledged: number;
  readonly linesHeard: number;
}

/**
 * Kills the bot with SIGKILL at random moments, also while it starts. Meanwhile somebody writes messages, adds words to
 * the dictionary, and has the bot join and leave. After each start the bot must be where the last answer said, each
 * word whose command was answered must be in the database, and no line may be heard twice.
 */
export async function killLoop({ kills, seed }: { kills: number; seed: number }): Promise<KillReport> {
  const random = new Random(seed);
  const scene = await returningScene();
  const { discord, fish, start, server, back, path } = scene;
  const ana = discord.addUser('Ana');
  const { guild, listener } = await server('Killed', ana);
  const asked = new Set<string>();
  const acknowledged = new Set<string>();
  const backMs: number[] = [];
  let number = 0;
  const known: { wanted: Wanted } = { wanted: 'away' };
  let bot: Bot = await start();

  const use = (name: string, given = {}) => discord.command(ana, guild, name, given);
  const order = (name: 'join' | 'leave') => {
    known.wanted = 'unknown';
    const life = bot;
    return use(name)
      .reply()
      .then(
        answer => {
          if (life === bot && DONE[name].test(answer)) known.wanted = name === 'join' ? 'here' : 'away';
        },
        () => {}, // the bot was killed before it answered
      );
  };
  const act = () => {
    number += 1;
    const chance = random.fraction();
    if (chance < 0.5) {
      discord.message(ana, guild.textChannel, `Line ${number}.`);
    } else if (chance < (known.wanted === 'here' ? 0.98 : 0.6) || known.wanted === 'unknown') {
      const word = `word${number}`;
      asked.add(word);
      use('dictionary add', { word, say: `said${number}` })
        .reply()
        .then(
          () => acknowledged.add(word),
          () => {},
        );
    } else {
      void order(known.wanted === 'here' ? 'leave' : 'join');
    }
  };

  await order('join');
  for (let kill = 0; kill < kills; kill++) {
    const alive = AbortSignal.timeout(random.whole(0, LONGEST_LIFE_MS));
    while (!alive.aborted) {
      act();
      await sleep(random.fraction() * LONGEST_PAUSE_MS);
    }
    await bot.stop('SIGKILL');
    checkWords(path, asked, acknowledged, kill);
    if (random.chance(0.3)) {
      // The bot is killed once more, while it starts.
      const starting = scene.startNow();
      await sleep(random.fraction() * LONGEST_LIFE_MS);
      await starting.stop('SIGKILL');
    }
    const where = known.wanted;
    bot = await start();
    if (where === 'here') {
      await back(guild).catch((error: unknown) => {
        throw new Error(`seed ${seed}, kill ${kill}: ${bot.output}`, { cause: error });
      });
      backMs.push(performance.now() - (discord.lastIdentify?.at ?? 0));
    } else if (where === 'unknown' || random.chance(0.5)) {
      await order('join');
    } else {
      await sleep(500);
      if (discord.botVoiceChannel(guild) !== null)
        throw new Error(`seed ${seed}, kill ${kill}: came though sent away`);
      await order('join');
    }
  }
  const heard = new Set((listener?.speech() ?? []).map(packet => packet.toString('latin1')));
  if (heard.size !== listener?.speech().length) throw new Error(`seed ${seed}: a packet was heard twice`);
  const said = fish.sessions
    .filter(({ packets }) => packets.some(packet => heard.has(packet.toString('latin1'))))
    .flatMap(({ text }) => [...text.matchAll(/Line (\d+)/g)].map(([line]) => line)); // one session may say several lines that were joined
  const twice = said.filter((line, index) => said.indexOf(line) !== index);
  if (twice.length > 0) throw new Error(`seed ${seed}: heard twice: ${twice.join(', ')}`);
  return {
    backMs: backMs.toSorted((a, b) => a - b),
    wordsAcknowledged: acknowledged.size,
    linesHeard: said.length,
  };
}

function checkWords(path: string, asked: Set<string>, acknowledged: Set<string>, kill: number): void {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 1_000 });
  const words = new Map(
    database
      .prepare('select word, say from word')
      .all()
      .map(({ word, say }) => [String(word), String(say)]),
  );
  database.close();
  for (const word of acknowledged)
    if (words.get(word) !== word.replace('word', 'said')) throw new Error(`kill ${kill}: ${word} is lost`);
  for (const word of words.keys())
    if (!asked.has(word)) throw new Error(`kill ${kill}: nobody had asked for ${word}`);
}
