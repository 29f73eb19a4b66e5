import { setTimeout as sleep } from 'node:timers/promises';
import type { Cdn } from './cdn.ts';
import type { FakeChannel } from './channel.ts';
import { commandData, type OptionValue, suggestedOption } from './command-data.ts';
import { COMMAND_TYPE, commandFor } from './command-lookup.ts';
import { type Choice, chooseData, pressData } from './component-data.ts';
import type { DiscordFaults } from './faults.ts';
import type { FakeGuild } from './guild.ts';
import { FakeInteraction } from './interaction.ts';
import { CALLBACK, dataOf, sourceOf } from './interaction-kind.ts';
import type { Caller, Interactions } from './interactions.ts';
import { isRecord, type JsonObject } from './json.ts';
import { isEphemeral, type Message } from './message.ts';
import type { Messages } from './messages.ts';
import { type FieldValue, modalData } from './modal-data.ts';
import { contextOf, ownersAt, ownersFor } from './place.ts';
import { Resolved } from './resolved.ts';
import type { FakeUser } from './user.ts';

/** After the time for a response, the client gives up on suggestions. */
const GRACE_MS = 200;

interface PeopleOptions {
  readonly applicationId: string;
  readonly cdn: Cdn;
  readonly faults: DiscordFaults;
  /** And conversations. */
  readonly guilds: ReadonlyMap<string, FakeGuild>;
  /** Ids of the people who have installed the app for themselves. */
  readonly installs: ReadonlySet<string>;
  readonly interactions: Interactions;
  readonly messages: Messages;
}

/** A use of a command: by whom, and whether whatever permissions it asks for. */
export type CommandCaller = Caller & { readonly force: boolean };

/** What people do with what the bot offers, as Discord's client lets them. */
export class People {
  readonly #options: PeopleOptions;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  command(
    caller: CommandCaller,
    name: string,
    values: Readonly<Record<string, OptionValue>>,
  ): FakeInteraction {
    const { interactions } = this.#options;
    return interactions.use(`/${name}`, caller, { name: 'command' }, async use => {
      const command = await this.#command(caller, name, COMMAND_TYPE.chat);
      use.owners = ownersFor(command['integration_types'], use.owners);
      return commandData(command, { name, values, resolved: this.#resolved(caller), ...this.#shelf });
    });
  }

  /** A person writes an option, and is suggested values; rejects if there are none in time. */
  async autocomplete(
    caller: CommandCaller,
    name: string,
    values: Readonly<Record<string, OptionValue>>,
    focused: string,
  ): Promise<readonly JsonObject[]> {
    const { interactions, faults } = this.#options;
    const what = `/${name}, option "${focused}"`;
    const command = await this.#command(caller, name, COMMAND_TYPE.chat);
    const { type: optionType } = suggestedOption(command, name, focused);
    const filling = { name, focused, resolved: this.#resolved(caller), ...this.#shelf };
    const data = commandData(command, { ...filling, values: { [focused]: '', ...values } });
    const use = interactions.use(what, caller, { name: 'autocomplete', optionType }, sent => {
      sent.owners = ownersFor(command['integration_types'], sent.owners);
      return data;
    });
    const late = new AbortController();
    try {
      const response = await Promise.race([
        use.firstResponse,
        sleep(faults.interactionTtlMs + GRACE_MS, null, { signal: late.signal }),
      ]);
      if (!response) throw new Error(`${what}: no suggestions came in time`);
      const { choices } = dataOf(response.body);
      return Array.isArray(choices) ? choices.filter(isRecord) : [];
    } finally {
      late.abort();
      use.fail(new Error(`${what}: nobody waits any more`));
    }
  }

  /** A person chooses a command in the menu of a message. */
  messageMenu(
    user: FakeUser,
    message: Pick<Message, 'id'>,
    name: string,
    { force = false }: { force?: boolean } = {},
  ): FakeInteraction {
    const target = this.#options.messages.get(message.id);
    if (!target) throw new Error('the message is gone');
    const caller: CommandCaller = { ...this.#reader(user, target), force };
    return this.#options.interactions.use(`"${name}"`, caller, { name: 'menu' }, async use => {
      const command = await this.#command(caller, name, COMMAND_TYPE.message);
      use.owners = ownersFor(command['integration_types'], use.owners);
      const resolved = this.#resolved(caller);
      const targetId = resolved.message(target);
      return {
        id: command['id'],
        name,
        type: COMMAND_TYPE.message,
        target_id: targetId,
        ...resolved.payload,
      };
    });
  }

  /** A person presses a button. */
  press(user: FakeUser, where: Message | FakeInteraction, customId: string): FakeInteraction {
    return this.#component(user, where, customId, message => pressData(message, customId));
  }

  /** A person chooses in a select. */
  choose(
    user: FakeUser,
    where: Message | FakeInteraction,
    customId: string,
    values: readonly Choice[],
  ): FakeInteraction {
    return this.#component(user, where, customId, (message, caller) =>
      chooseData(message, customId, values, this.#resolved(caller)),
    );
  }

  /** A person sends in the modal that the interaction showed them. */
  submit(
    user: FakeUser,
    shown: FakeInteraction,
    values: Readonly<Record<string, FieldValue>>,
  ): FakeInteraction {
    if (user.id !== shown.user.id) throw new Error(`${user.name} does not see the modal`);
    const { guild, channel, kind } = shown;
    const caller = { user, guild, channel };
    const source = sourceOf(kind);
    return this.#options.interactions.use('the modal', caller, { name: 'modal', source }, async use => {
      use.owners = shown.owners;
      const { type, body } = await shown.firstResponse;
      if (type !== CALLBACK.modal) throw new Error('no modal was shown');
      return modalData(dataOf(body), { values, resolved: this.#resolved(caller), ...this.#shelf });
    });
  }

  /** Somebody sends what Discord's client would not: `data` of a component or a form as they like it. */
  forge(
    user: FakeUser,
    where: Message | FakeInteraction,
    kind: 'component' | 'modal',
    data: object,
  ): FakeInteraction {
    const shown = where instanceof FakeInteraction ? where.message : where;
    const source = shown && this.#options.messages.get(shown.id);
    if (!source) throw new Error('there is no message to use: await reply() before, or it was deleted');
    const caller = this.#reader(user, source);
    return this.#options.interactions.use('what was forged', caller, { name: kind, source }, () => data);
  }

  #component(
    user: FakeUser,
    where: Message | FakeInteraction,
    customId: string,
    data: (message: Message, caller: Caller) => object,
  ): FakeInteraction {
    const { interactions, messages } = this.#options;
    const shown = where instanceof FakeInteraction ? where.message : where;
    const source = shown && messages.get(shown.id);
    if (!source) throw new Error('there is no message to use: await reply() before, or it was deleted');
    const caller = this.#reader(user, source);
    return interactions.use(`"${customId}"`, caller, { name: 'component', source }, use => {
      use.owners = source.interaction?.owners ?? use.owners;
      return data(source, caller);
    });
  }

  /** Somebody who reads a message, where it stands. Throws if they do not see it. */
  #reader(user: FakeUser, message: Message): Caller {
    const guild = this.#options.guilds.get(message.guildId);
    const channel = guild?.channels.get(message.channelId);
    if (!guild || !channel) throw new Error('the message’s channel is gone');
    if (isEphemeral(message) ? message.interaction?.user.id !== user.id : !guild.mayRead(user.id, channel))
      throw new Error(`${user.name} does not see the message`);
    return { user, guild, channel };
  }

  async #command(caller: CommandCaller, name: string, type: number): Promise<JsonObject> {
    const top = type === COMMAND_TYPE.chat ? (name.split(' ')[0] ?? '') : name;
    const { interactions, applicationId: botId, installs } = this.#options;
    const { guild, user } = caller;
    const owners = ownersAt(guild, user, { botId, installs });
    const context = contextOf(guild, botId);
    const registered = await interactions.commands(`/${name}`);
    return commandFor(registered, { name: top, type }, { ...caller, context, owners });
  }

  #resolved({ guild, user }: { guild: FakeGuild; user: FakeUser }): Resolved {
    return new Resolved(guild, user.id);
  }

  get #shelf(): { cdn: Cdn; applicationId: string } {
    return { cdn: this.#options.cdn, applicationId: this.#options.applicationId };
  }
}

/** Where somebody writes if nothing is said: the first text channel. */
export function callerOf(
  user: FakeUser,
  guild: FakeGuild,
  { channel = guild.textChannel, force = false }: { channel?: FakeChannel; force?: boolean } = {},
): CommandCaller {
  return { user, guild, channel, force };
}
