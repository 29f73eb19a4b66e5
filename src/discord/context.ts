import {
  type Guild,
  type Message,
  PermissionFlagsBits,
  type RepliableInteraction,
  type VoiceBasedChannel,
} from 'discord.js';
import type { Clones } from '../clones/clones.ts';
import { UserError } from '../errors.ts';
import type { VoiceLibrary } from '../library/library.ts';
import type { LanguageModel } from '../llm/model.ts';
import type { Translate } from '../locale/catalogue.ts';
import type { Logger } from '../log.ts';
import type { FishTrouble } from '../speech/failures.ts';
import type { Line } from '../speech/line.ts';
import type { Session } from '../speech/session.ts';
import { soundFile, type VoiceMessage, voiceMessageOf } from '../speech/sound-file.ts';
import type { ServerRecord, Store } from '../store/store.ts';
import { Asker } from './ask/asker.ts';
import { Attachments } from './attachments.ts';
import { Cloning } from './cloning.ts';
import { Comings } from './comings.ts';
import type { Answer, Command, ComponentOwner } from './command.ts';
import { DictionaryChanges } from './dictionary-changes.ts';
import { dictionaryFile, settingsFile } from './files.ts';
import { GuildTurns } from './guild-turns.ts';
import type { JoinReading } from './join-reading.ts';
import type { Draft, LineMaker, Saying } from './lines.ts';
import { authorOf, writtenOf } from './message-parts.ts';
import type { Notices, Words } from './notices.ts';
import { checkAuthor, knownServer } from './known-server.ts';
import { Panel } from './panel/panel.ts';
import { queuedWords } from './queued.ts';
import type { Reader } from './reader.ts';
import type { Rooms } from './rooms.ts';
import { seesId } from './seeing.ts';
import { SettingsImport } from './settings-import.ts';
import { usageOf } from './usage.ts';
import { VoiceChoice } from './voices/choice.ts';
import { GoneNotices } from './voices/gone-notices.ts';
import { preview, type PreviewRequest } from './voices/preview.ts';
import { VoiceSearch } from './voices/search.ts';
import type { AskedMessage, Why } from './why.ts';
import { whyWords } from './why-words.ts';

/** A use of a command, a menu, a button or a form, in a server that the bot is in. */
export type AnyUse = RepliableInteraction<'cached'>;

/** What `/status` tells of the process. */
export interface StatusReport {
  readonly version: string;
  readonly gatewayPingMs: number | null;
  /** Discord lets the bot see what people write. */
  readonly contentVisible: boolean;
  readonly fish: {
    readonly model: string;
    readonly limit: number;
    readonly inFlight: number;
    readonly waiting: number;
    readonly lastFirstAudioMs: number | null;
    /** Nothing can be said: why, and since when, in milliseconds since 1970. */
    readonly outage: { readonly trouble: FishTrouble; readonly since: number } | null;
    /** What the last session failed with; null when it went well. */
    readonly lastTrouble: FishTrouble | null;
    /** What Fish Audio's support can look that up by; '' for nothing. */
    readonly support: string;
  };
}

export interface ContextOptions {
  readonly commands: readonly Command[];
  readonly store: Store;
  readonly rooms: Rooms;
  readonly lines: LineMaker;
  readonly reader: Reader;
  readonly why: Why;
  /** In which what people write and ask for becomes lines. */
  readonly order: GuildTurns;
  readonly joins: JoinReading;
  readonly status: () => StatusReport;
  readonly cdnUrl: string | null;
  readonly clones: Clones;
  readonly library: VoiceLibrary;
  readonly voices: VoiceChoice;
  readonly gone: GoneNotices;
  /** Null: nobody can ask. */
  readonly model: LanguageModel | null;
  readonly notices: Notices;
  readonly log: Logger;
}

/** All that commands may use, the bridge from Discord's people and channels to the speech sessions. */
export class CommandContext {
  readonly commands: readonly Command[];
  readonly store: Store;
  readonly rooms: Rooms;
  readonly lines: LineMaker;
  readonly comings: Comings;
  readonly panel: Panel;
  readonly settingsImport: SettingsImport;
  readonly dictionary: DictionaryChanges;
  readonly cloning: Cloning;
  readonly voices: VoiceChoice;
  readonly search: VoiceSearch;
  /** What buttons, menus and forms belong to. */
  readonly owners: readonly ComponentOwner[];
  readonly status: () => StatusReport;
  /** What servers export and import. */
  readonly files = { settings: settingsFile, dictionary: dictionaryFile };
  readonly #asker: Asker | null;
  readonly #library: VoiceLibrary;
  readonly #gone: GoneNotices;
  readonly #why: Why;
  readonly #notices: Notices;
  /** Changes of settings. */
  readonly #turns = new GuildTurns();
  readonly #answers = new WeakMap<object, Promise<void>>();

  constructor(options: ContextOptions) {
    this.commands = options.commands;
    this.store = options.store;
    this.rooms = options.rooms;
    this.lines = options.lines;
    this.comings = new Comings({ ...options, settingTurns: this.#turns });
    const tell: CommandContext['tellCaller'] = (use, why) => this.tellCaller(use, why);
    const attachments = new Attachments(options.cdnUrl);
    const changes = {
      attachments,
      store: options.store,
      turns: this.#turns,
      library: options.library,
      tell,
    };
    this.panel = new Panel(changes);
    this.settingsImport = new SettingsImport(changes);
    this.dictionary = new DictionaryChanges(changes);
    this.cloning = new Cloning({
      clones: options.clones,
      store: options.store,
      attachments,
      tell,
    });
    const { model, store, rooms, lines, order, log } = options;
    this.#asker = model && new Asker({ model, store, rooms, lines, order, tell, log });
    this.voices = options.voices;
    this.search = new VoiceSearch(options.library, this);
    this.owners = [this.panel, this.search];
    this.status = options.status;
    this.#library = options.library;
    this.#gone = options.gone;
    this.#why = options.why;
    this.#notices = options.notices;
  }

  /** The server's session, if the bot is in voice there. */
  session(use: AnyUse): Session | undefined {
    return this.rooms.session(use.guildId);
  }

  /** The same for those who may steer it: people in the bot's voice channel. Throws a UserError for others. */
  sessionOfCaller(use: AnyUse): Session {
    const current = this.session(use);
    if (!current) throw new UserError('not-in-voice');
    if (this.rooms.humansWith(use.guild, current) > 0 && channelOf(use)?.id !== current.channelId) {
      if (!seesId(use, current.channelId)) throw new UserError('listeners-unseen');
      throw new UserError('listeners-only', { channel: `<#${current.channelId}>` });
    }
    return current;
  }

  /** The caller is in the bot's voice channel. */
  listens(use: AnyUse): boolean {
    const session = this.session(use);
    return session !== undefined && channelOf(use)?.id === session.channelId;
  }

  /** Other people's lines may be silenced by this caller: by everybody, or by moderators alone. */
  async maySilenceOthers(use: AnyUse): Promise<boolean> {
    const { known, settings } = await this.store.server(use.guildId);
    return (known && settings.skipOthers) || use.memberPermissions.has(PermissionFlagsBits.MuteMembers);
  }

  /** Throws a UserError unless the caller may manage the server. */
  checkAdmin(use: AnyUse): void {
    if (!use.memberPermissions.has(PermissionFlagsBits.ManageGuild)) throw new UserError('admins-only');
  }

  /** Whether the caller sees a channel of this server; of others they are told nothing. */
  sees(use: AnyUse, channelId: string): boolean {
    return seesId(use, channelId);
  }

  /** What is kept of the server. Throws a UserError while the database cannot be asked. */
  known(use: AnyUse): Promise<ServerRecord> {
    return knownServer(this.store, use.guildId);
  }

  /** The line to be said for the caller; `cut`: its end had to be left out. Throws a UserError if it is empty. */
  async line(use: AnyUse, text: string, voice: string | undefined): Promise<{ line: Line; cut: boolean }> {
    if (voice !== undefined) this.cloning.check(use, voice);
    const { line, cut } = await this.#line(use, { ...this.#saying(use), written: text, voice });
    if (voice === undefined) return { line, cut };
    return { line: { ...line, onVoiceSpoke: spoken => this.voices.used(use.guildId, spoken) }, cut };
  }

  /** The same for what somebody wrote, in that person's name and voice, at the caller's expense. */
  async lineOfMessage(use: AnyUse, message: Message<true>): Promise<{ line: Line; cut: boolean }> {
    const { author } = message;
    const record = await this.store.server(use.guildId);
    checkAuthor(record, author.id, use.user.id);
    const saying = { ...this.#saying(use), author: authorOf(message), written: writtenOf(message) };
    const { line, cut } = await this.#line(use, saying);
    return { line: { ...line, messageId: message.id, channelId: message.channelId }, cut };
  }

  /** What a caller is told of a line of theirs that `before` others are heard before. */
  queued(session: Session, before: number, t: Translate): string {
    return queuedWords(session, before, t);
  }

  /** Lets the caller hear a voice, in the voice channel or as a file. Throws a UserError where it cannot be heard. */
  preview(use: AnyUse, request: PreviewRequest, t: Translate): Promise<Answer> {
    return preview(use, request, { context: this, library: this.#library, t });
  }

  /** A line as a file. Throws a UserError where it cannot be made. */
  async soundFile(use: AnyUse, line: Line): Promise<Buffer> {
    return soundFile(await this.rooms.clip(use.guildId, line));
  }

  /** A line as a voice message. Throws a UserError where it cannot be made. */
  async voiceMessage(use: AnyUse, line: Line): Promise<VoiceMessage> {
    return await voiceMessageOf(await this.rooms.clip(use.guildId, line));
  }

  /** The language model's answer, as text; it is said as well where the caller is in voice. Null: it has been shown. */
  async ask(use: AnyUse, question: string, t: Translate): Promise<Answer | null> {
    if (!this.#asker) throw new Error('there is no language model');
    return await this.#asker.ask(use, question, t);
  }

  /** How the caller is said here. */
  async mannerOf(use: AnyUse): Promise<Draft['manner']> {
    return this.lines.mannerOf(this.#saying(use), await this.store.server(use.guildId)).manner;
  }

  /** What becomes of a text before it is sent, without saying it. */
  async speakable(use: AnyUse, text: string): Promise<{ text: string; bytes: number }> {
    const record = await this.store.server(use.guildId);
    return this.lines.speakable(use.guild, record, use.channelId ?? '', text);
  }

  /** The caller's chat is not read here from now on, or is again; false: that holds, but is not saved yet. */
  async setOptOut(use: AnyUse, out: boolean): Promise<boolean> {
    if (out) this.session(use)?.dropWritten(use.user.id, 'opted-out');
    try {
      await this.store.saveOptOut(use.guildId, use.user.id, out);
      return true;
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
  }

  /** What was spoken and spent: the server's for those who manage it, else the caller's own. */
  usage(use: AnyUse, days: number, t: Translate): Promise<Answer> {
    const all = use.memberPermissions.has(PermissionFlagsBits.ManageGuild);
    return usageOf(this.store.ledger, { guildId: use.guildId, userId: use.user.id, all, days }, t);
  }

  /** Why a message was not read, in words: the one that the caller names, or null for the last one that they wrote here. */
  async why(use: AnyUse, message: AskedMessage | null): Promise<Words> {
    const fate = await (message ? this.#why.ofNamed(message, use) : this.#why.ofLast(use));
    return whyWords(fate, this.session(use)?.hindrance);
  }

  /** Why a message was not read, where the message itself is at hand and need not be looked for by its id. */
  async whyOf(message: Message<true>, use: AnyUse): Promise<Words> {
    return whyWords(await this.#why.ofMenu(message, use), this.session(use)?.hindrance);
  }

  #saying(use: AnyUse): Saying {
    return {
      guild: use.guild,
      channelId: use.channelId ?? '',
      author: { id: use.user.id, displayName: use.member.displayName, byBot: false },
      roleIds: use.member.roles.cache,
      written: '',
      voice: undefined,
    };
  }

  async #line(use: AnyUse, saying: Saying): Promise<{ line: Line; cut: boolean }> {
    const record = await this.store.server(use.guildId);
    const made = this.lines.draft(saying, record);
    if (!made) throw new UserError('nothing-to-say');
    const line: Line = {
      ...made.draft,
      userId: use.user.id,
      source: 'command',
      messageId: undefined,
      onFailed: error => void this.tellCaller(use, error),
      onVoiceGone: (voice, loss) => {
        const { guildId, user } = use;
        const serverVoice = record.settings.voice;
        const notice = this.#gone.next({ guildId, userId: user.id, voice, loss, serverVoice });
        if (notice) void this.tellCaller(use, notice);
      },
      onOutcome: () => {},
    };
    return { line, cut: made.cut };
  }

  /** Told by the dispatcher: `answered` resolves when the first answer to this use has gone out. */
  expectAnswer(use: object, answered: Promise<void>): void {
    this.#answers.set(use, answered);
  }

  /**
   * Tells the caller alone, after the first answer: before it Discord takes no more, or would put this in its place.
   * Never rejects.
   */
  tellCaller(use: AnyUse, what: Words): Promise<void> {
    return this.#notices.toCaller(use, what, this.#answers.get(use));
  }
}

function channelOf({ guild, user }: { guild: Guild; user: { id: string } }): VoiceBasedChannel | null {
  return guild.voiceStates.cache.get(user.id)?.channel ?? null;
}
