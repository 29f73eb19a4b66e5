import type { Accounts } from './accounts.ts';
import type { Cdn } from './cdn.ts';
import type { FakeChannel } from './channel.ts';
import type { Message } from './message.ts';
import type { Messages } from './messages.ts';
import type { Servers } from './servers.ts';
import type { FakeUser } from './user.ts';
import { rewritten, type Writing, writtenMessage } from './written-message.ts';

interface WritingDeskOptions {
  readonly accounts: Accounts;
  readonly cdn: Cdn;
  readonly messages: Messages;
  readonly nextId: () => string;
  readonly servers: Servers;
}

/** Where people (and other bots and webhooks) write messages and change them. */
export class WritingDesk {
  readonly #options: WritingDeskOptions;

  constructor(options: WritingDeskOptions) {
    this.#options = options;
  }

  /** Throws where they may not write. */
  write(user: FakeUser, channel: FakeChannel, content: string, writing: Writing): Message {
    const { accounts, cdn, messages, nextId, servers } = this.#options;
    const find = (id: string) => messages.get(id);
    const webhookId = (guildId: string, name: string) => accounts.webhookId(guildId, name);
    const where = { guild: servers.of(channel), channel, user };
    const message = writtenMessage({ cdn, nextId, find, webhookId }, where, content, writing);
    return messages.add(message, writing.times);
  }

  /** Its author changes the text of a message. Throws where it is gone. */
  edit(message: Pick<Message, 'id' | 'guildId' | 'channelId'>, content: string): Message {
    const { messages, servers } = this.#options;
    const now = messages.get(message.id);
    const guild = servers.everywhere.get(message.guildId);
    const channel = guild?.channels.get(message.channelId);
    if (!now || !guild || !channel) throw new Error('the message is gone');
    return messages.change(rewritten(now, content, guild, channel));
  }
}
