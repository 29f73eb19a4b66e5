import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { FakeChannel } from './channel.ts';
import type { FakeGuild } from './guild.ts';
import { isRecord, type JsonObject } from './json.ts';
import { edited, type Message, messagePayload } from './message.ts';
import { checkMessage, MESSAGE_FLAG, REPLY_FLAGS, visibleText } from './message-rules.ts';
import type { UploadedFile } from './rest-body.ts';
import {
  alreadyAcknowledged,
  invalidForm,
  unknownInteraction,
  unknownMessage,
  unknownWebhook,
} from './rest-error.ts';
import type { FakeUser } from './user.ts';

/** (Discord, "Receiving and Responding", Interaction Callback Type): those that answer a command. */
const CALLBACK = { message: 4, deferred: 5, modal: 9 } as const;
const TOKEN_BYTES = 60;
const REPLY_WITHIN_MS = 10_000;

interface InteractionOptions {
  readonly id: string;
  readonly bot: FakeUser;
  readonly user: FakeUser;
  readonly guild: FakeGuild;
  readonly channel: FakeChannel;
  readonly nextId: () => string;
  /** Time for the first response, ms. */
  readonly ttlMs: () => number;
  /** A message that everybody sees was created or changed. */
  readonly onPublic: (event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE', message: Message) => void;
}

export interface FirstResponse {
  /** From the command to the response. */
  readonly ms: number;
  readonly type: number;
  readonly body: JsonObject;
}

/** One use of a command, as its user sees it and as the bot may answer it. */
export class FakeInteraction extends EventEmitter<{ change: [] }> {
  readonly id: string;
  readonly token = randomBytes(TOKEN_BYTES).toString('base64url');
  readonly user: FakeUser;
  readonly guild: FakeGuild;
  readonly channel: FakeChannel;
  readonly firstResponse: Promise<FirstResponse>;
  /** Messages after the first, as Discord returned them. */
  readonly followUps: object[] = [];
  readonly #options: InteractionOptions;
  readonly #first = Promise.withResolvers<FirstResponse>();
  readonly #messages = new Map<string, Message>();
  #at = performance.now();
  #state: 'open' | 'deferred' | 'answered' = 'open';
  #originalId: string | null = null;
  #failure: Error | null = null;

  constructor(options: InteractionOptions) {
    super();
    this.#options = options;
    this.id = options.id;
    this.user = options.user;
    this.guild = options.guild;
    this.channel = options.channel;
    this.firstResponse = this.#first.promise;
    this.firstResponse.catch(() => {}); // whoever awaits it is told; nobody has to
  }

  /** When the bot was told, ms (`performance.now()`). */
  get at(): number {
    return this.#at;
  }

  /** Whether only the caller sees the answer; undefined before there is one. */
  get ephemeral(): boolean | undefined {
    const message = this.#visible();
    return message && (message.flags & MESSAGE_FLAG.ephemeral) !== 0;
  }

  /**
   * The text that the caller reads in the end: of the reply, or of its edit after "thinking", or of a further
   * message where the first was deleted. Rejects if there is none within `timeoutMs`.
   */
  async reply(timeoutMs = REPLY_WITHIN_MS): Promise<string> {
    const signal = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const message = this.#visible();
      if (message && (message.flags & MESSAGE_FLAG.loading) === 0) return visibleText(message.fields);
      if (this.#failure) throw this.#failure;
      await once(this, 'change', { signal }).catch((cause: unknown) => {
        throw new Error(`no reply within ${timeoutMs} ms`, { cause });
      });
    }
  }

  /** The bot is told now. */
  start(): void {
    this.#at = performance.now();
  }

  /** The bot can never be told, or the sandbox ends. */
  fail(error: Error): void {
    this.#failure = error;
    this.#first.reject(error);
    this.emit('change');
  }

  /** The bot's first response. Returns the message, if there is one. (Create Interaction Response.) */
  respond(body: JsonObject, files: readonly UploadedFile[]): { type: number; message: Message | null } {
    const ms = performance.now() - this.#at;
    if (this.#state !== 'open') throw alreadyAcknowledged();
    if (ms > this.#options.ttlMs()) throw unknownInteraction();
    const { type, data = {} } = body;
    if (type !== CALLBACK.message && type !== CALLBACK.deferred && type !== CALLBACK.modal)
      throw invalidForm(['type'], 'BASE_TYPE_CHOICES', 'Value must be one of (4, 5, 9).');
    if (!isRecord(data))
      throw invalidForm(['data'], 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType');
    const rules = {
      flags: REPLY_FLAGS,
      mayBeEmpty: type !== CALLBACK.message || files.length > 0,
      path: ['data'],
    };
    if (type !== CALLBACK.modal) checkMessage(data, rules);
    this.#state = type === CALLBACK.deferred ? 'deferred' : 'answered';
    const message = type === CALLBACK.modal ? null : this.#add(data, files, type === CALLBACK.deferred);
    this.#originalId = message?.id ?? null;
    this.#first.resolve({ ms, type, body });
    this.emit('change');
    return { type, message };
  }

  /** A further message; right after "thinking" it becomes the answer instead. (Create Followup Message.) */
  followUp(fields: JsonObject, files: readonly UploadedFile[]): Message {
    if (this.#state === 'open') throw unknownWebhook();
    checkMessage(fields, { flags: REPLY_FLAGS, mayBeEmpty: files.length > 0 });
    if (this.#state === 'deferred' && this.#originalId) return this.edit('@original', fields, files);
    const message = this.#add(fields, files, false);
    this.followUps.push(messagePayload(message));
    this.emit('change');
    return message;
  }

  get(messageId: string): Message {
    if (this.#state === 'open') throw unknownWebhook();
    const message = this.#messages.get(messageId === '@original' ? (this.#originalId ?? '') : messageId);
    if (!message) throw unknownMessage();
    return message;
  }

  edit(messageId: string, fields: JsonObject, files: readonly UploadedFile[]): Message {
    const before = this.get(messageId);
    const loading = (before.flags & MESSAGE_FLAG.loading) !== 0;
    checkMessage(fields, { flags: REPLY_FLAGS, mayBeEmpty: !loading || files.length > 0 });
    const message = edited(before, fields, files);
    this.#messages.set(message.id, message);
    if (message.id === this.#originalId) this.#state = 'answered';
    this.#tell('MESSAGE_UPDATE', message);
    this.emit('change');
    return message;
  }

  delete(messageId: string): void {
    const { id } = this.get(messageId);
    this.#messages.delete(id);
    if (id === this.#originalId) {
      this.#state = 'answered';
      this.#originalId = null;
    }
    this.emit('change');
  }

  #visible(): Message | undefined {
    return this.#originalId ? this.#messages.get(this.#originalId) : [...this.#messages.values()].at(-1);
  }

  #add(fields: JsonObject, files: readonly UploadedFile[], loading: boolean): Message {
    const { bot, user, guild, channel, nextId } = this.#options;
    const { flags } = fields;
    const message: Message = {
      id: nextId(),
      channelId: channel.id,
      guildId: guild.id,
      author: bot,
      fields,
      files,
      flags: (typeof flags === 'number' ? flags : 0) | (loading ? MESSAGE_FLAG.loading : 0),
      at: new Date().toISOString(),
      editedAt: null,
      interaction: { id: this.id, user, applicationId: bot.id },
    };
    this.#messages.set(message.id, message);
    this.#tell('MESSAGE_CREATE', message);
    return message;
  }

  #tell(event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE', message: Message): void {
    if ((message.flags & MESSAGE_FLAG.ephemeral) === 0) this.#options.onPublic(event, message);
  }
}
