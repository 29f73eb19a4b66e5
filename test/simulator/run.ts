import { setTimeout as sleep } from 'node:timers/promises';
import type { Act, Deed, Given } from './act.ts';
import { isWhole } from './heard.ts';
import { comeIn } from './people-acts.ts';
import { lastLine, lastWords, type Plan, type PlannedLine, type Step } from './plan.ts';
import { answerTo, ask, hostOf, type Room, type SaidLine } from './room.ts';
import type { Health, Scene } from './scene.ts';
import { isTaken } from './told.ts';

/** When all faults are over, each server has to speak within this. */
const RECOVERS_MS = 60_000;
/** A line is given so long before another is tried. */
const ONE_LINE_MS = 30_000;
const LOOK_MS = 50;
const QUIET_MS = 600;
const QUIET_WITHIN_MS = 30_000;

/** Does what the plan says, makes peace, and asks what became of everything. */
export class Run {
  readonly deeds: Deed[] = [];
  /** `/usage` of each server, in the end. */
  readonly usage: string[] = [];
  /** Servers that did not speak any more. */
  readonly silent: number[] = [];
  peaceAt = Infinity;
  /** What the bot told of itself in the end. */
  inPeace: Health | undefined;
  /** The line during which the process was asked to end. */
  lastWords: SaidLine | undefined;
  readonly #scene: Scene;
  readonly #plan: Plan;
  readonly #open = new Set<{ readonly deed: Deed; readonly end: () => Promise<void> }>();
  readonly #waiting: Promise<unknown>[] = [];

  constructor(scene: Scene, plan: Plan) {
    this.#scene = scene;
    this.#plan = plan;
  }

  /** All of it, until everybody has been heard again and nothing is said any more. */
  async perform(): Promise<void> {
    const began = performance.now();
    const wait = (at: number) => sleep(Math.max(0, began + at - performance.now()));
    for (const step of this.#plan.steps) {
      await wait(step.at);
      this.#take(step);
    }
    await wait(this.#plan.peaceAt);
    await this.#makePeace();
    await Promise.all(this.#scene.rooms.map(room => this.#recover(room)));
    await Promise.all(this.#waiting);
    await this.#untilQuiet();
    await Promise.all(this.#scene.rooms.map(room => this.#ask(room)));
    this.inPeace = await this.#scene.health();
  }

  #take(step: Step): void {
    if ('act' in step) {
      this.#waiting.push(this.#act(step.act, step.room, step.given));
      return;
    }
    const room = this.#scene.rooms['line' in step ? step.line.room : step.room];
    if (!room) throw new Error('no such server');
    if ('line' in step) {
      this.#say(room, step.line);
      return;
    }
    const lines = room.lines.filter(({ id, deletedAt }) => step.lineIds.includes(id) && !deletedAt);
    const messages = lines.flatMap(({ message }) => message ?? []);
    if (step.do === 'tell again') {
      for (const line of lines) line.toldAgainAt = performance.now();
      for (const message of messages) room.discord.tellAgain(message);
    } else {
      for (const line of lines) line.deletedAt = performance.now();
      const [first, another] = messages;
      if (another) room.discord.deleteMessages(messages);
      else if (first) room.discord.deleteMessage(first);
    }
  }

  #say(room: Room, planned: PlannedLine): SaidLine | undefined {
    const { discord, guild, people } = room;
    const person = people[planned.who] ?? hostOf(room);
    const at = performance.now();
    const botHere = discord.botVoiceChannel(guild) !== null;
    try {
      if (planned.how === 'chat') {
        const line = {
          ...planned,
          at,
          botHere,
          message: discord.message(person, guild.textChannel, planned.text),
        };
        room.lines.push(line);
        return line;
      }
      const command = discord.command(person, guild, 'say', { text: planned.text });
      const line: SaidLine = { ...planned, at, botHere, use: command };
      room.lines.push(line);
      this.#waiting.push(this.#listenForAnswer(line));
      return line;
    } catch {
      return undefined; // the server is unavailable: nobody can write there
    }
  }

  async #listenForAnswer(line: SaidLine): Promise<void> {
    try {
      line.answer = line.use ? await answerTo(line.use) : '';
      line.answeredAt = performance.now();
    } catch (error) {
      line.unanswered = String(error);
    }
  }

  async #act(act: Act, index: number | undefined, given: Given): Promise<void> {
    const deed: Deed = { act, room: index, given, at: performance.now(), until: Infinity };
    this.deeds.push(deed);
    const ended = { deed, end: () => this.#tryTo(deed, scene => runAct('end', act, scene, index, given)) };
    this.#open.add(ended);
    const begun = this.#tryTo(deed, scene => runAct('begin', act, scene, index, given));
    const { ms } = given;
    if (typeof ms !== 'number') {
      await begun;
      if (!act.end) this.#close(ended);
      return;
    }
    await sleep(ms);
    await this.#endOf(ended);
    await begun;
  }

  async #endOf(ended: { readonly deed: Deed; readonly end: () => Promise<void> }): Promise<void> {
    if (!this.#open.delete(ended)) return;
    await ended.end();
    ended.deed.until = performance.now();
  }

  #close(ended: { readonly deed: Deed; readonly end: () => Promise<void> }): void {
    this.#open.delete(ended);
    ended.deed.until = performance.now();
  }

  async #tryTo(deed: Deed, what: (scene: Scene) => void | Promise<unknown>): Promise<void> {
    try {
      await what(this.#scene);
    } catch (error) {
      deed.impossible = String(error);
    }
  }

  async #makePeace(): Promise<void> {
    for (const ended of this.#open) await this.#endOf(ended);
    for (const room of this.#scene.rooms) room.fishFaults.length = 0;
    await this.#scene.startBot();
    await this.#scene.discord.ready(RECOVERS_MS);
    for (const room of this.#scene.rooms) await comeIn(room);
    this.peaceAt = performance.now();
  }

  /** Somebody calls the bot where it is not, and says something, until it is heard. */
  async #recover(room: Room): Promise<void> {
    const { fish, discord } = this.#scene;
    const deadline = performance.now() + RECOVERS_MS;
    for (let times = 0; performance.now() < deadline; times += 1) {
      const channelId = room.guild.voiceStates.get(hostOf(room).id)?.channelId;
      if (discord.botVoiceChannel(room.guild) !== channelId) await quietly(ask(room, 0, 'join'));
      await quietly(ask(room, 0, 'resume'));
      const line = this.#say(room, lastLine(room.index, times));
      if (!line) continue;
      const until = performance.now() + ONE_LINE_MS;
      while (performance.now() < until && !isWhole(room, fish, line)) {
        if (line.unanswered || (line.answer && !isTaken(line.answer))) break;
        await sleep(LOOK_MS);
      }
      if (isWhole(room, fish, line)) return;
      await sleep(LOOK_MS * 10);
    }
    this.silent.push(room.index);
  }

  /** Waits until nothing is said or synthesised any more. */
  async #untilQuiet(): Promise<void> {
    const { fish, discord } = this.#scene;
    const sent = () =>
      discord.voice.flatMap(voice => this.#scene.rooms.map(room => voice.call(room.channel.id)));
    const count = () =>
      sent().reduce((sum, { datagrams }) => sum + datagrams.filter(({ silence }) => !silence).length, 0);
    const deadline = performance.now() + QUIET_WITHIN_MS;
    let [last, since] = [count(), performance.now()];
    while (performance.now() - since < QUIET_MS && performance.now() < deadline) {
      await sleep(LOOK_MS);
      const now = count();
      if (now !== last || fish.openSessions > 0) [last, since] = [now, performance.now()];
    }
  }

  /** What `/why` and `/usage` say. */
  async #ask(room: Room): Promise<void> {
    const { fish } = this.#scene;
    for (const line of room.lines) {
      if (!line.message || line.deletedAt !== undefined || isWhole(room, fish, line)) continue;
      line.why = await ask(room, 0, 'why', { message: line.message.id }).catch(String);
    }
    this.usage[room.index] = await ask(room, 0, 'usage').catch(String);
  }

  /** Asks the process to end, if the plan says so in the middle of a sentence. */
  async end(): Promise<void> {
    const room = this.#scene.rooms[1];
    if (room && this.#plan.endsInASentence) {
      const line = lastWords(room.index);
      this.lastWords = this.#say(room, line);
      const began = () =>
        this.#scene.fish.sessions.some(({ text, packets }) => text.includes(line.text) && packets.length > 0);
      for (const until = performance.now() + ONE_LINE_MS; performance.now() < until && !began(); )
        await sleep(LOOK_MS);
      await sleep(300);
    }
    await this.#scene.stopBot('SIGTERM');
  }
}

function runAct(
  when: 'begin' | 'end',
  act: Act,
  scene: Scene,
  index: number | undefined,
  given: Given,
): void | Promise<unknown> {
  if (act.scope !== 'room') return act[when]?.(scene, given);
  const room = scene.rooms[index ?? 0];
  return room && act[when]?.(room, given);
}

async function quietly(answer: Promise<string>): Promise<void> {
  await answer.catch(() => undefined); // whether it helped is seen by what is heard
}
