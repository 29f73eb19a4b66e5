import type { WebSocket } from 'ws';
import type { Bot } from '../bot.ts';
import type { Servers } from '../world.ts';
import { Causes } from './causes.ts';
import { faultsOf } from './fault-switches.ts';
import { Hub } from './hub.ts';
import { Lines } from './lines.ts';
import { Loudness } from './loudness.ts';
import { OggListeners } from './ogg-listeners.ts';
import type { All, Answer, Place, ToServer } from './protocol.ts';
import { soundFrame } from './sound-frame.ts';
import { Transcript } from './transcript.ts';
import { channelsOf, commandsOf, peopleOf } from './view.ts';
import { startWeb, type Web } from './web.ts';
import { parseWish } from './wish.ts';
import { Wishes } from './wishes.ts';

/** How often lines are looked at, which pages then draw. */
const LOOK_MS = 100;
/** What was noted is dropped when nobody has spoken for so long, */
const QUIET_MS = 30_000;
/** and at the latest after this: people may talk without a pause. */
const FORGET_MS = 120_000;

/** The sandbox as a page. */
export interface Page extends AsyncDisposable {
  /** Where it is, on this machine alone. */
  readonly url: string;
  /** The preparations are over: what one person alone was told in them is not shown. */
  open(): void;
  /** There is no bot (any more), and somebody may start one. */
  noBot(): void;
}

/**
 * Serves the page of a world, at once. It says that the bot is starting, or, where the world has no bot of its own,
 * that there is none, until `open` is called.
 */
export async function startPage(world: Servers & { readonly bot?: Bot }): Promise<Page> {
  const { discord, fish } = world;
  const { happenings } = discord;
  const hub = new Hub();
  const ogg = new OggListeners();
  const loudness = new Loudness();
  const causes = new Causes();
  const lines = new Lines({ fish, causes, tell: line => hub.tell({ kind: 'line', line }) });
  const transcript = new Transcript(world, message => hub.tell(message));
  const wishes = new Wishes({ world, transcript, causes });
  let bot: Place['bot'] = world.bot ? 'waiting' : 'none';

  const place = (): Place => ({
    server: world.guild.name,
    people: peopleOf(world),
    channels: channelsOf(world),
    roles: [...world.guild.roles.values()].map(({ id, name }) => ({ id, name })),
    faults: faultsOf(world),
    bot,
  });
  let told = '';
  const tellPlace = () => {
    const now = place();
    const text = JSON.stringify(now);
    if (text !== told) hub.tell({ kind: 'place', place: now });
    told = text;
  };
  const tellCommands = () => hub.tell({ kind: 'commands', commands: commandsOf(world) });

  happenings.on('server', tellPlace);
  happenings.on('registered', tellCommands);
  happenings.on('heard', (_channelId, packet) => {
    const level = packet.silence ? 0 : loudness.of(packet.opus);
    hub.sound(soundFrame(packet, lines.heard(packet, level), level));
    ogg.hear(packet);
  });
  void world.bot?.exited.then(() => {
    bot = 'ended';
    tellPlace();
  });

  let [spokenAt, forgottenAt] = [performance.now(), performance.now()];
  const look = setInterval(() => {
    lines.look();
    if (!lines.quiet || fish.openSessions > 0) spokenAt = performance.now();
  }, LOOK_MS);
  const forget = setInterval(() => {
    const now = performance.now();
    if (now - spokenAt < QUIET_MS && now - forgottenAt < FORGET_MS) return;
    forgottenAt = now;
    discord.forget();
    fish.forget();
    world.model.forget();
  }, QUIET_MS);

  const answer = async (wish: ToServer): Promise<Answer> => {
    try {
      const outcome = await wishes.grant(wish);
      return { kind: 'answer', n: wish.n, ...outcome };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { kind: 'answer', n: wish.n, why: error.message };
    }
  };
  const all = (): All => ({
    kind: 'all',
    place: place(),
    commands: commandsOf(world),
    messages: transcript.all(),
    lines: lines.all(),
  });
  const onPage = (socket: WebSocket) => {
    socket.send(JSON.stringify(all()));
    hub.add(socket);
    socket.on('message', data => {
      const wish = Buffer.isBuffer(data) ? parseWish(data.toString()) : undefined;
      if (!wish) return socket.close(1008, 'not a wish');
      void answer(wish).then(given => {
        socket.send(JSON.stringify(given));
        tellPlace();
      });
    });
  };
  const web: Web = await startWeb({
    onPage,
    onOgg: response => ogg.add(response),
    file(id) {
      const found = transcript.file(id);
      const { contentType = 'application/octet-stream', bytes } = found ?? {};
      return bytes ? { type: contentType, bytes } : undefined;
    },
  });

  return {
    url: web.url,
    open() {
      bot = 'ready';
      transcript.forgetWhispers();
      hub.tell(all());
    },
    noBot() {
      bot = 'none';
      tellPlace();
    },
    async [Symbol.asyncDispose]() {
      clearInterval(look);
      clearInterval(forget);
      ogg.close();
      hub.close();
      await web[Symbol.asyncDispose]();
    },
  };
}
