import { type Attachment, attachmentPayload } from './attachment.ts';
import { channelPayload, type FakeChannel } from './channel.ts';
import type { FakeGuild } from './guild.ts';
import { memberFields, type Role, rolePayload } from './member.ts';
import { type Message, messagePayload } from './message.ts';
import { type FakeUser, userPayload } from './user.ts';

type Kind = 'users' | 'members' | 'roles' | 'channels' | 'attachments' | 'messages';

/** What an interaction names by id, whole. (Discord, "Receiving and Responding", Resolved Data.) */
export class Resolved {
  readonly #guild: FakeGuild;
  readonly #userId: string;
  readonly #byKind = new Map<Kind, Record<string, object>>();

  /** `userId` is whose permissions channels are told with. */
  constructor(guild: FakeGuild, userId: string) {
    this.#guild = guild;
    this.#userId = userId;
  }

  user(user: FakeUser): string {
    const member = this.#guild.direct ? undefined : this.#guild.members.get(user.id);
    if (member) {
      const permissions = this.#guild.permissionsOf(user.id).toString();
      this.#put('members', user.id, { ...memberFields(member), permissions });
    }
    return this.#put('users', user.id, userPayload(user));
  }

  role(role: Role): string {
    return this.#put('roles', role.id, rolePayload(role, 1));
  }

  channel(channel: FakeChannel): string {
    const permissions = this.#guild.permissionsOf(this.#userId, channel).toString();
    return this.#put('channels', channel.id, { ...channelPayload(channel), permissions });
  }

  /** What has been chosen from the start in a menu of roles, channels or people: whatever is still there of it. */
  preset(ids: readonly string[]): readonly (FakeUser | Role | FakeChannel)[] {
    const { roles, channels, members } = this.#guild;
    return ids.flatMap(id => roles.get(id) ?? channels.get(id) ?? members.get(id)?.user ?? []);
  }

  attachment(attachment: Attachment): string {
    return this.#put('attachments', attachment.id, attachmentPayload(attachment, true));
  }

  message(message: Message): string {
    return this.#put('messages', message.id, messagePayload(message));
  }

  /** `{ resolved }`, or nothing if nothing was named. */
  get payload(): { resolved?: object } {
    return this.#byKind.size > 0 ? { resolved: Object.fromEntries(this.#byKind) } : {};
  }

  #put(kind: Kind, id: string, payload: object): string {
    this.#byKind.set(kind, { ...this.#byKind.get(kind), [id]: payload });
    return id;
  }
}
