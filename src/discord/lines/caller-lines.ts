import type { GuildMember, Message } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Line } from '../../speech/line.ts';
import type { ReasonBook } from '../../speech/reason-book.ts';
import { soundFile, type VoiceMessage, voiceMessageOf } from '../../speech/sound-file.ts';
import type { Store } from '../../store/store.ts';
import { holdsBlockedWord } from '../../text/blocked-words.ts';
import { textsOf } from '../../text/written.ts';
import type { FollowUps } from '../interaction/follow-ups.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import { checkAuthor } from '../known-guild.ts';
import type { VoiceChoice } from '../voices/choice.ts';
import type { Cloning } from '../voices/cloning.ts';
import type { GoneNotices } from '../voices/gone-notices.ts';
import type { MakeClip } from './clips.ts';
import type { Draft, LineMaker, Saying } from './line-maker.ts';
import { authorOf, writtenOf } from './message-parts.ts';
import { writersOf } from './writers.ts';

// Makes lines for callers (people who use a command or menu): a line is one piece of speech, here for the queue or for
// a sound file. `line-maker.ts` chooses words and voice. Lines of chat are made in `chat/message-lines.ts`.

export interface CallerLinesOptions {
  readonly store: Pick<Store, 'guild'>;
  readonly clip: MakeClip;
  readonly lineMaker: LineMaker;
  readonly reasons: Pick<ReasonBook, 'find'>;
  readonly cloning: Pick<Cloning, 'check'>;
  readonly voices: Pick<VoiceChoice, 'noteUse'>;
  readonly gone: GoneNotices;
  readonly followUps: Pick<FollowUps, 'tell'>;
}

/** A line that was made for a caller. `cut` tells whether its end was left out because it was too long. */
export interface MadeLine {
  readonly line: Line;
  readonly cut: boolean;
}

/** Makes lines whose bytes count towards the caller's limits, and tells the caller when one of them fails. */
export class CallerLines {
  readonly #options: CallerLinesOptions;

  constructor(options: CallerLinesOptions) {
    this.#options = options;
  }

  /**
   * Makes a line of the caller's own words, in the voice with the id `voice`, or, when it is undefined, in the voice
   * that is usual for the caller. Rejects with a UserError when nothing of the text can be said, when it holds a
   * blocked word, or when the voice is not theirs to use.
   */
  async own(interaction: AnyInteraction, text: string, voice: string | undefined): Promise<MadeLine> {
    const { cloning, voices } = this.#options;
    if (voice !== undefined) cloning.check(interaction, voice);
    const { line, cut } = await this.#line(interaction, { ...sayingOf(interaction), written: text, voice });
    if (voice === undefined) return { line, cut };
    return { line: { ...line, onVoiceSpoke: spoken => voices.noteUse(interaction.guildId, spoken) }, cut };
  }

  /**
   * Makes a line of a message, in its author's name and voice. Rejects with a UserError when somebody whose words it
   * holds is not read in this guild because of their own wish or the moderators', or when nobody knows whose words they
   * are and somebody is not read here; also when it holds a blocked word, or when nothing of it can be said.
   */
  async ofMessage(interaction: AnyInteraction, message: Message<true>): Promise<MadeLine> {
    const { store, reasons } = this.#options;
    const record = await store.guild(interaction.guildId);
    const writers = await writersOf(message, reasons, record);
    if (writers === null) throw new UserError('writer-unknown');
    for (const writerId of writers) checkAuthor(record, writerId, interaction.user.id);
    const saying = {
      ...sayingOf(interaction),
      author: authorOf(message),
      writers,
      written: writtenOf(message),
    };
    const { line, cut } = await this.#line(interaction, saying);
    return { line: { ...line, messageId: message.id, channelId: message.channelId }, cut };
  }

  /** Resolves with a line as an Ogg Opus file. Rejects with a UserError when it cannot be made. */
  async soundFile(interaction: AnyInteraction, line: Line): Promise<Buffer> {
    return soundFile(await this.#options.clip(interaction.guildId, line));
  }

  /** Resolves with a line as a Discord voice message. Rejects with a UserError when it cannot be made. */
  async voiceMessage(interaction: AnyInteraction, line: Line): Promise<VoiceMessage> {
    return await voiceMessageOf(await this.#options.clip(interaction.guildId, line));
  }

  /** Resolves with the voice, the speed and the rest by which the caller's words are said in this channel. */
  async mannerOf(interaction: AnyInteraction): Promise<Draft['manner']> {
    const { lineMaker, store } = this.#options;
    return lineMaker.mannerOf(sayingOf(interaction), await store.guild(interaction.guildId)).manner;
  }

  /** Resolves with how a member's name is spoken in the channel of the interaction. */
  async spokenName(interaction: AnyInteraction, { id, displayName }: GuildMember): Promise<string> {
    const { lineMaker, store } = this.#options;
    const record = await store.guild(interaction.guildId);
    return lineMaker.spokenNameOf(interaction.guild, record, interaction.channelId ?? '', {
      id,
      displayName,
    });
  }

  /**
   * Resolves with the text that would be sent to Fish Audio for `text`, and its length in bytes, without saying it.
   */
  async speakable(interaction: AnyInteraction, text: string): Promise<{ text: string; bytes: number }> {
    const { lineMaker, store } = this.#options;
    return lineMaker.speakable(
      interaction.guild,
      await store.guild(interaction.guildId),
      { channelId: interaction.channelId ?? '', people: [interaction.user.id] },
      text,
    );
  }

  async #line(interaction: AnyInteraction, saying: Saying): Promise<MadeLine> {
    const { store, lineMaker, gone, followUps } = this.#options;
    const record = await store.guild(interaction.guildId);
    const { written } = saying;
    const texts = typeof written === 'string' ? [written] : textsOf(written);
    if (holdsBlockedWord(texts.join('\n'), record.settings.blockedWords)) throw new UserError('blocked-word');
    const made = lineMaker.draft(saying, record);
    if (made === 'blocked-word') throw new UserError('blocked-word');
    if (made === 'nothing') throw new UserError('nothing-to-say');
    const line: Line = {
      ...made.draft,
      userId: interaction.user.id,
      source: 'command',
      messageId: undefined,
      onFailed: error => void followUps.tell(interaction, error),
      onVoiceGone: failed => {
        const { guildId, user } = interaction;
        const { settings } = record;
        const notice = gone.next({ guildId, userId: user.id, ...failed, settings });
        if (notice) void followUps.tell(interaction, notice);
      },
      onOutcome: () => {},
    };
    return { line, cut: made.cut };
  }
}

function sayingOf(interaction: AnyInteraction): Saying {
  return {
    guild: interaction.guild,
    channelId: interaction.channelId ?? '',
    author: { id: interaction.user.id, displayName: interaction.member.displayName, byBot: false },
    callerId: interaction.user.id,
    roleIds: interaction.member.roles.cache,
    written: '',
    voice: undefined,
  };
}
