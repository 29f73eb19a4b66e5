import type { BotMessages } from './bot-messages.ts';
import type { FakeChannel } from './channel.ts';
import type { FakeGuild } from './guild.ts';
import { CALLBACK, checkOther, type InteractionKind, sourceOf } from './interaction-kind.ts';
import type { JsonObject } from './json.ts';
import { MESSAGE_TYPE, type Message, type MessageInteraction } from './message.ts';
import { DEFERRED_FLAGS, MESSAGE_FLAG, REPLY_FLAGS } from './message-flags.ts';
import { checkMessage } from './message-rules.ts';
import type { Messages } from './messages.ts';
import { PERMISSION } from './permissions.ts';
import { isVisitor } from './place.ts';
import type { UploadedFile } from './rest-body.ts';
import { alreadyAcknowledged, tooManyFollowUps, unknownMessage, unknownWebhook } from './rest-error.ts';
import { noVoiceHere } from './voice-message-rules.ts';

/** (Discord, "Receiving and Responding", Followup Messages: of an app that only a person has installed.) */
const VISITOR_FURTHER_MAX = 5;

interface AnswersOptions {
  readonly kind: InteractionKind;
  readonly place: { readonly guild: FakeGuild; readonly channel: FakeChannel };
  /** As the messages name it. */
  readonly interaction: () => MessageInteraction;
  readonly messages: Messages;
  readonly posts: BotMessages;
}

/** What the bot answered to one interaction. (Discord, "Receiving and Responding", Endpoints.) */
export class InteractionAnswers {
  readonly #options: AnswersOptions;
  /** Ids of the messages that it brought about, in order. */
  readonly #ids: string[] = [];
  #further = 0;
  #state: 'open' | 'deferred' | 'deferredUpdate' | 'answered' = 'open';
  /** What `@original` means: the answer, or the message that a button is on. */
  #originalId: string | null = null;
  /** What the caller reads as the answer. */
  #shownId: string | null = null;

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  get open(): boolean {
    return this.#state === 'open';
  }

  /** Messages that it brought about, as they are now, without deleted ones. */
  get all(): Message[] {
    return this.#ids.flatMap(id => this.#options.messages.get(id) ?? []);
  }

  /** What the caller reads as the answer. */
  get shown(): Message | undefined {
    return this.#shownId ? this.#options.messages.get(this.#shownId) : this.all.at(-1);
  }

  /** The first response; returns the message that it makes or changes. */
  first(type: number, data: JsonObject, files: readonly UploadedFile[]): Message | null {
    if (!this.open) throw alreadyAcknowledged();
    const { kind, posts } = this.#options;
    const source = sourceOf(kind);
    const rules = { flags: REPLY_FLAGS, files, path: ['data'] };
    if (type === CALLBACK.message || type === CALLBACK.deferred) {
      const loading = type === CALLBACK.deferred;
      checkMessage(data, { ...rules, ...(loading && { flags: DEFERRED_FLAGS, mayBeEmpty: true }) });
      const message = this.#post(data, files, { loading, ...(source && { referenced: source }) });
      this.#state = loading ? 'deferred' : 'answered';
      this.#originalId = message.id;
      this.#shownId = message.id;
      return message;
    }
    if (type === CALLBACK.update || type === CALLBACK.deferredUpdate) {
      const before = source && this.#options.messages.get(source.id);
      if (!before) throw unknownMessage();
      if (type === CALLBACK.update) checkMessage(data, { ...rules, before });
      this.#originalId = before.id;
      this.#state = type === CALLBACK.update ? 'answered' : 'deferredUpdate';
      if (type === CALLBACK.deferredUpdate) return before;
      this.#shownId = before.id;
      return posts.edit(before, { fields: data, files, path: ['data'] });
    }
    checkOther(type, data, kind);
    this.#state = 'answered';
    return null;
  }

  /** A further message; right after "thinking" it becomes the answer instead, and is not further. */
  followUp(fields: JsonObject, files: readonly UploadedFile[]): { message: Message; further: boolean } {
    if (this.open || this.#options.kind.name === 'autocomplete') throw unknownWebhook();
    if (this.#state === 'deferred' && this.#originalId)
      return { message: this.edit('@original', fields, files), further: false };
    checkMessage(fields, { flags: REPLY_FLAGS, files });
    this.#further += 1;
    if (this.#further > VISITOR_FURTHER_MAX && isVisitor(this.#options.interaction().owners))
      throw tooManyFollowUps();
    const original = this.#originalId ? this.#options.messages.get(this.#originalId) : undefined;
    const message = this.#post(fields, files, { ...(original && { referenced: original }) });
    if (this.#state === 'deferredUpdate') this.#shownId = message.id;
    return { message, further: true };
  }

  /** `@original` or a message by its id. */
  get(messageId: string): Message {
    if (this.open) throw unknownWebhook();
    const id = messageId === '@original' ? this.#originalId : messageId;
    const own = id !== null && (id === this.#originalId || this.#ids.includes(id));
    const message = own ? this.#options.messages.get(id) : undefined;
    if (!message) throw unknownMessage();
    return message;
  }

  edit(messageId: string, fields: JsonObject, files: readonly UploadedFile[]): Message {
    const before = this.get(messageId);
    checkMessage(fields, { flags: REPLY_FLAGS, files, before });
    const message = this.#options.posts.edit(before, { fields, files });
    if (message.id === this.#originalId) {
      this.#state = 'answered';
      this.#shownId = message.id;
    }
    return message;
  }

  delete(messageId: string): void {
    const message = this.get(messageId);
    this.#options.messages.delete(message);
    if (message.id === this.#shownId) this.#shownId = null;
    if (message.id !== this.#originalId) return;
    this.#state = 'answered';
    this.#originalId = null;
  }

  /** (Discord, "Permissions", Use External Apps: without it only the person sees what their own apps answer.) */
  #mustWhisper({ user, owners }: MessageInteraction): boolean {
    const { guild, channel } = this.#options.place;
    const bits = guild.permissionsOf(user.id, channel);
    return isVisitor(owners) && !guild.direct && (bits & PERMISSION.useExternalApps) === 0n;
  }

  /** Answers need no permission to attach files, but it is not said that they need none for a voice message. */
  #mayVoice({ applicationId, owners }: MessageInteraction): boolean {
    const { guild, channel } = this.#options.place;
    const bits = isVisitor(owners) ? 0n : guild.permissionsOf(applicationId, channel);
    return (bits & PERMISSION.sendVoiceMessages) !== 0n;
  }

  #post(
    fields: JsonObject,
    files: readonly UploadedFile[],
    { loading = false, referenced }: { loading?: boolean; referenced?: Message },
  ): Message {
    const { kind, place, posts } = this.#options;
    const interaction = this.#options.interaction();
    const first = kind.name === 'menu' ? MESSAGE_TYPE.menuCommand : MESSAGE_TYPE.command;
    const type = referenced ? MESSAGE_TYPE.reply : first;
    const more = { type, loading, interaction, ...(referenced && { referenced }) };
    const flags =
      Number(fields['flags'] ?? 0) | (this.#mustWhisper(interaction) ? MESSAGE_FLAG.ephemeral : 0);
    if ((flags & MESSAGE_FLAG.voice) !== 0 && !this.#mayVoice(interaction)) throw noVoiceHere();
    const path = this.open ? ['data'] : [];
    const message = posts.post(place, { fields: { ...fields, flags }, files, path }, more);
    this.#ids.push(message.id);
    return message;
  }
}
