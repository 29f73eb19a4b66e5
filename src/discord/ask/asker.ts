import { UserError } from '../../errors.ts';
import type { LanguageModel } from '../../llm/model.ts';
import { RecentTalks } from '../../llm/recent-talks.ts';
import type { Translate } from '../../locale/catalogue.ts';
import type { Logger } from '../../log.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import type { Line } from '../../speech/line.ts';
import type { Session } from '../../speech/session.ts';
import type { GuildRecord, Store } from '../../store/store.ts';
import type { GuildTurns } from '../guild-turns.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import { mustWait, queuedWords } from '../interaction/when-heard.ts';
import { knownGuild } from '../known-guild.ts';
import type { LineMaker } from '../lines/line-maker.ts';
import type { Calls } from '../presence/calls.ts';
import { quoted, shown, shownWhole } from './answer-text.ts';
import { Answering } from './answering.ts';
import { GrowingMessage } from './growing-message.ts';
import { SaidSentences } from './said-sentences.ts';

// Carries out `/ask`: checks who may ask, asks the language model, shows its answer as a message that grows, and says
// it while it is being written if the caller is in a voice channel. `answering.ts` gets a single answer, and the folder
// `src/llm/` talks to the model.

export interface AskerOptions {
  /** The language model that answers; null when the operator has configured none. */
  readonly model: LanguageModel | null;
  readonly store: Pick<Store, 'guild' | 'problem'>;
  readonly calls: Pick<Calls, 'enter'>;
  readonly lineMaker: LineMaker;
  /** In each guild, messages and commands become lines one after another: each waits for its turn here. */
  readonly lineTurns: GuildTurns;
  /** Tells something to the caller alone, after the first answer. Never rejects. */
  readonly tell: (interaction: AnyInteraction, why: UserError) => Promise<void>;
  readonly log: Logger;
}

/** The most questions that may be under way in one channel at the same time. */
const MAX_QUESTIONS = 5;

/**
 * Answers the questions of all channels. The questions of one channel are answered one after another, so that the model
 * is told the earlier ones and their answers.
 */
export class Asker {
  readonly #options: AskerOptions;
  readonly #memory = new RecentTalks();
  /**
   * The questions under way, by channel id: how many there are, and a promise that resolves when all of them are
   * answered.
   */
  readonly #channels = new Map<string, { count: number; last: Promise<void> }>();

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  /**
   * Asks the language model. Resolves when the answer is whole or was stopped: with its text, or with null when the
   * text is already shown. Rejects with a UserError when there is no answer.
   */
  async ask(interaction: AnyInteraction, question: string, t: Translate): Promise<string | null> {
    const channelId = interaction.channelId ?? interaction.guildId;
    const channel = this.#channels.get(channelId) ?? { count: 0, last: Promise.resolve() };
    if (channel.count >= MAX_QUESTIONS) throw new UserError('ask.busy');
    this.#channels.set(channelId, channel);
    channel.count += 1;
    const message = new GrowingMessage(interaction, this.#options.log);
    const head = quoted(question);
    const show = (text: string) => message.show(() => shown(head, text));
    try {
      const { answering, session, before } = await this.#begin(interaction, question, show);
      await session?.settled();
      if (session && answering.waits && mustWait(session, before)) show(queuedWords(session, before, t));
      await answering.over;
      const { text, stopped, problem } = answering;
      const leftOut = answering.leftOut && session !== null;
      const whole = shownWhole(head, { text, stopped, problem, leftOut }, t);
      return (await message.finish(whole, { atOnce: stopped })) ? null : whole;
    } catch (error) {
      await message.withdraw();
      throw error;
    } finally {
      channel.count -= 1;
      if (channel.count === 0) this.#channels.delete(channelId);
    }
  }

  /**
   * Queues the line that says the answer, and begins to bring the bot to the caller's voice channel. It does so after
   * all that was written or asked for earlier in this guild. For a caller who is in no voice channel the model is
   * asked at once, and nothing is said. Rejects with a UserError when the caller may not ask or the bot cannot come.
   */
  #begin(interaction: AnyInteraction, question: string, show: (text: string) => void): Promise<Begun> {
    const { store, calls, lineTurns } = this.#options;
    return lineTurns.take(interaction.guildId, async () => {
      const record = await knownGuild(store, interaction.guildId);
      checkMayAsk(interaction, record.settings);
      const answering = this.#answering(interaction, record, question, show);
      const voice = interaction.guild.voiceStates.cache.get(interaction.user.id)?.channel;
      if (!voice) {
        answering.begin();
        return { answering, session: null, before: 0 };
      }
      const session = calls.enter(voice, interaction.channelId ?? voice.id, interaction);
      return {
        answering,
        session,
        before: session.conversation.say(this.#line(interaction, record, question, answering)),
      };
    });
  }

  #answering(
    interaction: AnyInteraction,
    record: GuildRecord,
    question: string,
    show: (text: string) => void,
  ): Answering {
    const { model, lineMaker, log } = this.#options;
    if (!model) throw new Error('there is no language model');
    const { guild, guildId } = interaction;
    const channelId = interaction.channelId ?? guildId;
    const language = lineMaker.languageOf(guild, record, channelId, question);
    const place = { channelId, people: [interaction.user.id] };
    const sentences = new SaidSentences({
      blockedWords: record.settings.blockedWords,
      speakable: sentence => lineMaker.speakable(guild, record, place, sentence, language),
    });
    const remember = () => {
      if (answering.text !== '') this.#memory.note(channelId, question, answering.text);
    };
    const answering: Answering = new Answering({
      model,
      guildId,
      language,
      messages: () => [...this.#memory.recall(channelId), { role: 'user', content: question }],
      inTurn: write => {
        const channel = this.#channels.get(channelId);
        // The next question of the channel is asked only when this answer is remembered, or has failed.
        if (channel)
          channel.last = channel.last
            .then(write)
            .then(remember)
            .catch((error: unknown) => log.error({ guildId, fault: true, err: error }, 'an answer failed'));
      },
      speakable: sentence => sentences.next(sentence),
      onText: show,
      log,
    });
    return answering;
  }

  /**
   * Makes the line that says the answer. It is said in the bot's name and voice, but it counts towards the caller's
   * limits and waits in the queue as the caller's line.
   */
  #line(interaction: AnyInteraction, record: GuildRecord, question: string, answering: Answering): Line {
    const { lineMaker, tell } = this.#options;
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
      ...lineMaker.draftOfSpeakable(saying, record, question),
      userId: user.id,
      name: member.displayName,
      live: answering.words,
      source: 'command',
      messageId: undefined,
      onFailed: error => {
        if (answering.lineFailed(error)) void tell(interaction, error);
      },
      onOutcome: outcome => answering.lineEnded(outcome),
    };
  }
}

/** An answer that is being written, or that will be written when its line's turn comes. */
interface Begun {
  readonly answering: Answering;
  /** The session that says it; null when it is only shown. */
  readonly session: Session | null;
  /** How many other lines are heard before it. */
  readonly before: number;
}

function checkMayAsk({ member }: AnyInteraction, { ask, askRole }: GuildSettings): void {
  if (!ask) throw new UserError('ask.off');
  if (askRole !== null && !member.roles.cache.has(askRole))
    throw new UserError('ask.role', { role: `<@&${askRole}>` });
}
