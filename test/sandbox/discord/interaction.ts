import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { Attachment } from './attachment.ts';
import type { BotMessages } from './bot-messages.ts';
import type { FakeChannel } from './channel.ts';
import { allComponents, visibleText } from './component.ts';
import type { FakeGuild } from './guild.ts';
import { InteractionAnswers } from './interaction-answers.ts';
import { callbacksFor, dataOf, INTERACTION_TYPE, type InteractionKind } from './interaction-kind.ts';
import type { JsonObject } from './json.ts';
import { isEphemeral, type Message, messagePayload } from './message.ts';
import { MESSAGE_FLAG } from './message-flags.ts';
import type { Messages } from './messages.ts';
import type { Owners } from './place.ts';
import type { UploadedFile } from './rest-body.ts';
import { alreadyAcknowledged, invalidForm, unknownInteraction } from './rest-error.ts';
import type { FakeUser } from './user.ts';

const TOKEN_BYTES = 60;
const REPLY_WITHIN_MS = 60_000;

interface InteractionOptions {
  readonly id: string;
  readonly kind: InteractionKind;
  readonly bot: FakeUser;
  readonly user: FakeUser;
  readonly guild: FakeGuild;
  readonly channel: FakeChannel;
  readonly messages: Messages;
  readonly posts: BotMessages;
  readonly owners: Owners;
  /** Time for the first response, ms. */
  readonly ttlMs: () => number;
}

export interface FirstResponse {
  /** From the command to the response. */
  readonly ms: number;
  readonly type: number;
  readonly body: JsonObject;
}

/** One use of a command, button, select or modal, as its user sees it and as the bot may answer it. */
export class FakeInteraction extends EventEmitter<{ change: [] }> {
  readonly id: string;
  readonly token = randomBytes(TOKEN_BYTES).toString('base64url');
  readonly kind: InteractionKind;
  readonly user: FakeUser;
  readonly guild: FakeGuild;
  readonly channel: FakeChannel;
  /** By which installations it came. */
  owners: Owners;
  readonly firstResponse: Promise<FirstResponse>;
  /** Messages after the first, as Discord returned them. */
  readonly followUps: object[] = [];
  readonly #answers: InteractionAnswers;
  readonly #ttlMs: () => number;
  readonly #first = Promise.withResolvers<FirstResponse>();
  #at = performance.now();
  #failure: Error | null = null;

  constructor({ id, kind, bot, user, guild, channel, messages, posts, owners, ttlMs }: InteractionOptions) {
    super();
    this.id = id;
    this.kind = kind;
    this.user = user;
    this.guild = guild;
    this.channel = channel;
    this.owners = owners;
    this.#ttlMs = ttlMs;
    this.#answers = new InteractionAnswers({
      kind,
      place: { guild, channel },
      interaction: () => ({ id, type: this.type, user, applicationId: bot.id, owners: this.owners }),
      messages,
      posts,
    });
    this.firstResponse = this.#first.promise;
    this.firstResponse.catch(() => {}); // whoever awaits it is told; nobody has to
  }

  /** When the bot was told, ms (`performance.now()`). */
  get at(): number {
    return this.#at;
  }

  /** Number of the kind. (Discord, "Receiving and Responding", Interaction Type.) */
  get type(): number {
    return INTERACTION_TYPE[this.kind.name];
  }

  /** Messages that it brought about, as they are now, without deleted ones. */
  get messages(): readonly Message[] {
    return this.#answers.all;
  }

  /** The message that the caller reads as the answer: text, components, files; undefined before there is one. */
  get message(): Message | undefined {
    return this.#answers.shown;
  }

  /** Every component of the answer, the nested ones too, in reading order. */
  get components(): readonly JsonObject[] {
    return allComponents(this.message?.fields['components']);
  }

  /** Files of the answer, with their bytes. */
  get files(): readonly Attachment[] {
    return this.message?.files ?? [];
  }

  /** Whether only the caller sees the answer; undefined before there is one. */
  get ephemeral(): boolean | undefined {
    return this.message && isEphemeral(this.message);
  }

  /**
   * The text that the caller reads in the end: of the reply, or of its edit after "thinking", or of the changed
   * message that a button is on, or of a further message. Rejects if there is none within `timeoutMs`.
   */
  async reply(timeoutMs = REPLY_WITHIN_MS): Promise<string> {
    const signal = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const { message } = this;
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
    if (!this.#answers.open) throw alreadyAcknowledged();
    if (ms > this.#ttlMs()) throw unknownInteraction();
    const callbacks = callbacksFor(this.kind);
    const type = Number(body['type']);
    if (!callbacks.includes(type))
      throw invalidForm(['type'], 'BASE_TYPE_CHOICES', `Value must be one of (${callbacks.join(', ')}).`);
    const message = this.#answers.first(type, dataOf(body), files);
    this.#first.resolve({ ms, type, body });
    this.emit('change');
    return { type, message };
  }

  /** A further message; right after "thinking" it becomes the answer instead. (Create Followup Message.) */
  followUp(fields: JsonObject, files: readonly UploadedFile[]): Message {
    const { message, further } = this.#answers.followUp(fields, files);
    if (further) this.followUps.push(messagePayload(message));
    this.emit('change');
    return message;
  }

  get(messageId: string): Message {
    return this.#answers.get(messageId);
  }

  edit(messageId: string, fields: JsonObject, files: readonly UploadedFile[]): Message {
    const message = this.#answers.edit(messageId, fields, files);
    this.emit('change');
    return message;
  }

  delete(messageId: string): void {
    this.#answers.delete(messageId);
    this.emit('change');
  }
}
