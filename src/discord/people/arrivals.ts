import type { Client, Guild, VoiceState } from 'discord.js';
import type { Logger } from '../../log.ts';
import { Unsaid } from '../../speech/reasons.ts';
import type { Session } from '../../speech/session.ts';
import type { GuildRecord, Store } from '../../store/store.ts';
import { holdsBlockedWord } from '../../text/blocked-words.ts';
import { list, phrase } from '../../text/phrases.ts';
import { later, walled } from '../../walls.ts';
import type { GuildTurns } from '../guild-turns.ts';
import type { LineMaker } from '../lines/line-maker.ts';
import type { Calls } from '../presence/calls.ts';
import { ArrivalBatch } from './arrival-batch.ts';

// Says in the bot's voice channel who comes and who leaves, if the setting `arrivals` asks for it. It waits three
// seconds, so that `arrival-batch.ts` can gather several people for one sentence. What people read when the bot itself
// has come is made by `steering/arrival-messages.ts`.

/** Those who come or leave within this time are told in one sentence. */
const MERGE_MS = 3_000;
/** The most people that a sentence names; the others are counted. */
const MAX_NAMES = 4;
/** The most such sentences that a guild hears in a minute. */
const MAX_A_MINUTE = 6;
const MINUTE_MS = 60_000;
/** While this many lines wait, people have other things to hear, and nobody is told who came. */
const MAX_WAITING = 5;

export interface ArrivalsOptions {
  readonly client: Client;
  readonly calls: Pick<Calls, 'session'>;
  readonly store: Pick<Store, 'guild'>;
  readonly lineMaker: Pick<LineMaker, 'draftOfSpeakable' | 'spokenNameOf' | 'languageIn'>;
  /** In each guild, messages and commands become lines one after another: each waits for its turn here. */
  readonly lineTurns: GuildTurns;
  readonly log: Logger;
}

/** A voice channel of which people are told who comes and leaves. */
interface Watched {
  readonly session: Session;
  readonly channelId: string;
  readonly batch: ArrivalBatch;
}

/**
 * Gathers who comes and who leaves, and says it. The sentences are lines of the bot's own: they wait in the queue like
 * those of a person, and the guild pays for them.
 */
export class Arrivals {
  readonly #options: ArrivalsOptions;
  /** Who came and left in the last moments, by guild id. */
  readonly #batches = new Map<string, Watched>();
  /** When sentences were said in the last minute, by guild id; the times are `performance.now()`. */
  readonly #said = new Map<string, readonly number[]>();

  constructor(options: ArrivalsOptions) {
    this.#options = options;
  }

  /** Call this when somebody's voice channel has changed, as the gateway tells it. Never throws. */
  moved(before: VoiceState, after: VoiceState): void {
    const { client, calls } = this.#options;
    const { guild } = after;
    const member = after.member ?? before.member;
    const session = calls.session(guild.id);
    const here = session?.channelId;
    // The bot's own coming is told elsewhere, and while it is on its way, those who are there did not just come.
    if (!session || !member || member.user.bot || ownChannel(client, guild) !== here) return;
    const came = after.channelId === here;
    if (!came && before.channelId !== here) return;
    const { batch } = this.#watched(guild, session);
    if (came) batch.joined(member.id, member.displayName);
    else batch.left(member.id, member.displayName);
  }

  /** The batch of the bot's present channel; a new one is told after `MERGE_MS`. */
  #watched(guild: Guild, session: Session): Watched {
    const known = this.#batches.get(guild.id);
    if (known?.session === session && known.channelId === session.channelId) return known;
    const watched = { session, channelId: session.channelId, batch: new ArrivalBatch() };
    this.#batches.set(guild.id, watched);
    const { log } = this.#options;
    later(log, 'arrivals', MERGE_MS, () => {
      if (this.#batches.get(guild.id) === watched) this.#batches.delete(guild.id);
      void walled(log, 'arrivals', () => this.#tell(guild, watched));
    }).unref();
    return watched;
  }

  async #tell(guild: Guild, { session, channelId, batch }: Watched): Promise<void> {
    const { store, lineTurns } = this.#options;
    const record = await store.guild(guild.id);
    const { known, settings, optOuts, ignored } = record;
    if (!known || settings.arrivals === 'none') return;
    const told = (people: ReadonlyMap<string, string>) =>
      [...people].filter(
        ([id, name]) =>
          !optOuts.has(id) && !ignored.has(id) && !holdsBlockedWord(name, settings.blockedWords),
      );
    const joined = told(batch.newcomers);
    const left = settings.arrivals === 'all' ? told(batch.leavers) : [];
    await lineTurns.take(guild.id, async () => {
      if (session.over || session.channelId !== channelId) return;
      const listeners = this.#humansIn(guild, channelId);
      // Newcomers need not be told of each other, or of those who were there before: somebody else has to listen.
      if (listeners.every(id => batch.newcomers.has(id))) return;
      this.#say(guild, record, session, ['joined', joined]);
      this.#say(guild, record, session, ['left', left]);
    });
  }

  #say(guild: Guild, record: GuildRecord, session: Session, [what, people]: News): void {
    const waiting = session.conversation.lines.waiting.length;
    if (people.length === 0 || session.paused || session.hindrance !== null || waiting >= MAX_WAITING) return;
    if (!this.#isCalm(guild.id)) return;
    const { client, lineMaker } = this.#options;
    const { channelId } = session;
    const language = lineMaker.languageIn(guild, record, channelId);
    const names = people
      .slice(0, MAX_NAMES)
      .map(([id, displayName]) => lineMaker.spokenNameOf(guild, record, channelId, { id, displayName }));
    const more = people.length - names.length;
    if (more > 0) names.push(phrase(language, 'others', { count: more }));
    const text = phrase(language, what, { names: list(language, names), people: people.length });
    const { id = '', displayName = '' } = client.user ?? {};
    const author = { id, displayName, byBot: true };
    const saying = { guild, channelId, author, roleIds: new Set<string>(), written: text, voice: undefined };
    // It is never kept to be said again: it holds the names of people, and is not theirs.
    const { memory: _memory, ...draft } = lineMaker.draftOfSpeakable(saying, record, text);
    try {
      session.conversation.say({
        ...draft,
        speakerId: what, // nobody speaks, so nobody is announced, neither now nor as the last one who spoke
        announce: 'never',
        source: 'command',
        messageId: undefined,
        onFailed: () => {}, // nobody asked for it
        onOutcome: () => {},
      });
    } catch (error) {
      if (!(error instanceof Unsaid)) throw error; // a cap was reached, or Fish Audio has an outage
    }
  }

  /** Whether another sentence may be said in the guild now; it then counts as said. */
  #isCalm(guildId: string): boolean {
    const since = performance.now() - MINUTE_MS;
    const recent = (this.#said.get(guildId) ?? []).filter(at => at > since);
    if (recent.length >= MAX_A_MINUTE) return false;
    this.#said.set(guildId, [...recent, performance.now()]);
    return true;
  }

  #humansIn(guild: Guild, channelId: string): readonly string[] {
    const { client } = this.#options;
    return [...guild.voiceStates.cache.values()]
      .filter(state => state.channelId === channelId && state.id !== client.user?.id)
      .filter(({ member, id }) => !(member?.user ?? client.users.cache.get(id))?.bot)
      .map(({ id }) => id);
  }
}

type News = readonly [what: 'joined' | 'left', people: readonly (readonly [id: string, name: string])[]];

function ownChannel({ user }: Client, { voiceStates }: Guild): string | null {
  return voiceStates.cache.get(user?.id ?? '')?.channelId ?? null;
}
