import { UserError } from '../../errors.ts';
import { RecentTalks } from '../../llm/recent-talks.ts';
import type { LanguageModel } from '../../llm/model.ts';
import type { Translate } from '../../locale/catalogue.ts';
import type { Logger } from '../../log.ts';
import type { GuildSettings } from '../../settings.ts';
import type { Line } from '../../speech/line.ts';
import type { Session } from '../../speech/session.ts';
import type { GuildRecord, Store } from '../../store/store.ts';
import { languageOf } from '../../text/language.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import type { GuildTurns } from '../guild-turns.ts';
import { knownGuild } from '../known-guild.ts';
import type { LineMaker } from '../lines/line-maker.ts';
import { queuedWords } from '../interaction/queued.ts';
import type { Calls } from '../presence/calls.ts';
import { Answering } from './answering.ts';
import { GrowingMessage } from './growing-message.ts';
import { withoutInvites } from './invites.ts';

export interface AskerOptions {
  /** Null: nobody can ask. */
  readonly model: LanguageModel | null;
  readonly store: Pick<Store, 'guild' | 'problem'>;
  readonly calls: Pick<Calls, 'enter'>;
  readonly lines: LineMaker;
  /** In which what people write and ask for becomes lines. */
  readonly order: GuildTurns;
  /** Tells the caller alone. */
  readonly tell: (interaction: AnyInteraction, why: UserError) => Promise<void>;
  readonly log: Logger;
}

/** Discord's limit for a message. */
const MAX_CHARACTERS = 2_000;
/** Questions that may be under way in one channel. */
const MAX_QUESTIONS = 5;

/** `/ask`: the language model's answer, said while it is written where the caller is in voice, and shown in any case. */
export class Asker {
  readonly #options: AskerOptions;
  readonly #memory = new RecentTalks();
  /** The questions under way in each channel: how many, and when the last that was begun is answered. */
  readonly #channels = new Map<string, { count: number; last: Promise<void> }>();

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  /**
   * Resolves once the answer is written: with the whole, or with null where it has been shown already. Throws a
   * UserError where there is none.
   */
  async ask(interaction: AnyInteraction, question: string, t: Translate): Promise<string | null> {
    const channelId = interaction.channelId ?? interaction.guildId;
    const channel = this.#channels.get(channelId) ?? { count: 0, last: Promise.resolve() };
    if (channel.count >= MAX_QUESTIONS) throw new UserError('ask.busy');
    this.#channels.set(channelId, channel);
    channel.count += 1;
    const message = new GrowingMessage(interaction, this.#options.log);
    try {
      const { answering, session, before } = await this.#begin(interaction, question, message);
      await session?.joined;
      if (session && answering.waits && (session.hindrance || session.paused || before > 0))
        message.show(queuedWords(session, before, t));
      await answering.over;
      if (answering.text !== '') this.#memory.note(channelId, question, answering.text);
      const whole = shownWhole(answering, t);
      return (await message.finish(whole, { atOnce: answering.stopped })) ? null : whole;
    } catch (error) {
      await message.withdraw();
      throw error;
    } finally {
      channel.count -= 1;
      if (channel.count === 0) this.#channels.delete(channelId);
    }
  }

  /**
   * Queues the line that says the answer, behind all that was written or asked for before in this server, and brings
   * the bot to the caller's voice channel; a caller in none is answered at once. Throws what `/say` throws.
   */
  #begin(interaction: AnyInteraction, question: string, message: GrowingMessage): Promise<Begun> {
    const { store, calls, order } = this.#options;
    return order.take(interaction.guildId, async () => {
      const record = await knownGuild(store, interaction.guildId);
      checkMayAsk(interaction, record.settings);
      const answering = this.#answering(interaction, record, question, message);
      const voice = interaction.guild.voiceStates.cache.get(interaction.user.id)?.channel;
      if (!voice) {
        answering.begin();
        return { answering, session: null, before: 0 };
      }
      const session = calls.enter(voice, interaction.channelId ?? voice.id, interaction);
      return {
        answering,
        session,
        before: session.say(this.#line(interaction, record, question, answering)),
      };
    });
  }

  #answering(
    interaction: AnyInteraction,
    record: GuildRecord,
    question: string,
    message: GrowingMessage,
  ): Answering {
    const { model, lines, log } = this.#options;
    if (!model) throw new Error('there is no language model');
    const { guild, guildId } = interaction;
    const channelId = interaction.channelId ?? guildId;
    return new Answering({
      model,
      guildId,
      language: languageOf(record.settings.language ?? guild.preferredLocale),
      messages: () => [...this.#memory.recall(channelId), { role: 'user', content: question }],
      inTurn: write => {
        const channel = this.#channels.get(channelId);
        if (channel) channel.last = channel.last.then(write);
      },
      speakable: sentence => lines.speakable(guild, record, channelId, sentence).text,
      onText: text => message.show(shown(text)),
      log,
    });
  }

  /** The bot's words, in its voice and name, at the caller's expense and in the caller's turn. */
  #line(interaction: AnyInteraction, record: GuildRecord, question: string, answering: Answering): Line {
    const { lines, tell } = this.#options;
    const { client, guild, member, user } = interaction;
    const displayName = guild.members.me?.displayName ?? client.user.displayName;
    const bot = { id: client.user.id, displayName, byBot: true };
    const saying = {
      guild,
      channelId: interaction.channelId ?? '',
      author: bot,
      roleIds: member.roles.cache,
      written: question,
      voice: undefined,
    };
    return {
      ...lines.draftOf(saying, record, question),
      userId: user.id,
      name: member.displayName,
      live: answering.words,
      source: 'command',
      messageId: undefined,
      onFailed: error => {
        if (answering.failed(error)) void tell(interaction, error);
      },
      onOutcome: outcome => answering.said(outcome),
    };
  }
}

/** An answer that is being written, or will be when its line's turn comes. */
interface Begun {
  readonly answering: Answering;
  /** Where it is said; null: nowhere. */
  readonly session: Session | null;
  /** How many lines are heard before it. */
  readonly before: number;
}

function checkMayAsk({ member }: AnyInteraction, { ask, askRole }: GuildSettings): void {
  if (!ask) throw new UserError('ask.off');
  if (askRole !== null && !member.roles.cache.has(askRole))
    throw new UserError('ask.role', { role: `<@&${askRole}>` });
}

/** A text as it is shown, within Discord's limit, with what stands behind it. */
function shown(text: string, after = ''): string {
  const whole = withoutInvites(text.trim());
  const room = MAX_CHARACTERS - after.length;
  return `${whole.length > room ? `${whole.slice(0, room - 1)}…` : whole}${after}`;
}

function shownWhole({ text, stopped, problem }: Answering, t: Translate): string {
  const written = text.trim() !== '';
  if (stopped) return shown(text, written ? ` ${t('ask.stopped')}` : t('ask.stopped'));
  if (!problem) return shown(text);
  if (!written) throw problem;
  return shown(text, `\n-# ${t(problem.key, problem.params)}`);
}
