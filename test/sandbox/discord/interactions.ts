import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { channelPayload, type FakeChannel } from './channel.ts';
import type { DiscordFaults } from './faults.ts';
import type { FakeGuild } from './guild.ts';
import { FakeInteraction } from './interaction.ts';
import { commandData, type OptionValue } from './interaction-data.ts';
import { memberPayload } from './member.ts';
import { type Message, messagePayload } from './message.ts';
import type { FakeUser } from './user.ts';

/** A bot registers its commands soon after it is ready; nobody can use them before. */
const REGISTERED_WITHIN_MS = 5_000;
const FIRST_RESPONSE_WITHIN_MS = 30_000;
const ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024;

interface InteractionsOptions {
  readonly bot: FakeUser;
  readonly faults: DiscordFaults;
  readonly nextId: () => string;
  readonly dispatch: (guildId: string, event: string, data: object) => void;
  readonly signal: AbortSignal;
}

/** The uses of the bot's commands, and the commands as registered. */
export class Interactions extends EventEmitter<{ registered: [] }> {
  readonly #options: InteractionsOptions;
  readonly #byToken = new Map<string, FakeInteraction>();
  #registered: readonly object[] = [];

  constructor(options: InteractionsOptions) {
    super();
    this.#options = options;
  }

  /** Global commands, as Discord returns them. */
  get registered(): readonly object[] {
    return this.#registered;
  }

  register(commands: readonly object[]): void {
    this.#registered = commands;
    this.emit('registered');
  }

  /** The interaction that a token belongs to. */
  find(token: string): FakeInteraction | undefined {
    return this.#byToken.get(token);
  }

  /** A person uses a command. What they cannot send rejects `firstResponse`. */
  use(
    user: FakeUser,
    guild: FakeGuild,
    name: string,
    values: Readonly<Record<string, OptionValue>>,
    channel: FakeChannel,
  ): FakeInteraction {
    const { bot, faults, nextId, dispatch } = this.#options;
    guild.member(user.id);
    const onPublic = (event: string, message: Message) =>
      dispatch(guild.id, event, { ...messagePayload(message), guild_id: guild.id });
    const ttlMs = () => faults.interactionTtlMs;
    const use = new FakeInteraction({ id: nextId(), bot, user, guild, channel, nextId, ttlMs, onPublic });
    this.#byToken.set(use.token, use);
    this.#send(use, name, values).catch((error: unknown) => {
      use.fail(error instanceof Error ? error : new Error(String(error)));
    });
    return use;
  }

  async #send(
    use: FakeInteraction,
    name: string,
    values: Readonly<Record<string, OptionValue>>,
  ): Promise<void> {
    const { signal, dispatch } = this.#options;
    if (this.#registered.length === 0) {
      const within = AbortSignal.any([signal, AbortSignal.timeout(REGISTERED_WITHIN_MS)]);
      await once(this, 'registered', { signal: within }).catch((cause: unknown) => {
        throw new Error(`/${name} cannot be used: the bot has registered no commands`, { cause });
      });
    }
    const { guild, user } = use;
    const data = commandData(this.#registered, name, values, { guild, userId: user.id });
    use.start();
    dispatch(guild.id, 'INTERACTION_CREATE', this.#payload(use, data));
    const answered = new AbortController();
    use.firstResponse.then(
      () => answered.abort(),
      () => answered.abort(),
    );
    const late = await sleep(FIRST_RESPONSE_WITHIN_MS, true, {
      signal: AbortSignal.any([signal, answered.signal]),
    }).catch(() => false);
    if (late || signal.aborted) use.fail(new Error(`/${name} was never answered`));
  }

  /** (Discord, "Receiving and Responding", Interaction Object.) */
  #payload({ id, token, guild, channel, user }: FakeInteraction, data: object): object {
    const { bot } = this.#options;
    const permissions = guild.permissionsOf(user.id, channel).toString();
    return {
      id,
      application_id: bot.id,
      type: 2,
      token,
      version: 1,
      data,
      guild_id: guild.id,
      guild: { id: guild.id, locale: 'en-US', features: [] },
      guild_locale: 'en-US',
      channel_id: channel.id,
      channel: { ...channelPayload(channel), permissions },
      member: { ...memberPayload(guild.member(user.id)), permissions },
      locale: 'en-US',
      app_permissions: guild.permissionsOf(bot.id, channel).toString(),
      entitlements: [],
      entitlement_sku_ids: [],
      authorizing_integration_owners: { 0: guild.id },
      context: 0,
      attachment_size_limit: ATTACHMENT_MAX_BYTES,
    };
  }
}
