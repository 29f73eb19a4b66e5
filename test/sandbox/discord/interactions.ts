import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BotMessages } from './bot-messages.ts';
import type { FakeChannel } from './channel.ts';
import type { DiscordFaults } from './faults.ts';
import type { FakeGuild } from './guild.ts';
import { FakeInteraction } from './interaction.ts';
import type { InteractionKind } from './interaction-kind.ts';
import { interactionPayload } from './interaction-payload.ts';
import type { Messages } from './messages.ts';
import { ownersAt } from './place.ts';
import type { FakeUser } from './user.ts';

/** A bot registers its commands soon after it is ready; nobody can use them before. */
const REGISTERED_WITHIN_MS = 30_000;
const FIRST_RESPONSE_WITHIN_MS = 30_000;

interface InteractionsOptions {
  readonly bot: FakeUser;
  readonly faults: DiscordFaults;
  readonly nextId: () => string;
  readonly messages: Messages;
  readonly posts: BotMessages;
  /** Ids of the people who have installed the app for themselves. */
  readonly installs: ReadonlySet<string>;
  readonly interact: (guild: FakeGuild, data: object) => void;
  readonly signal: AbortSignal;
}

/** Who does something, and where. */
export interface Caller {
  readonly user: FakeUser;
  readonly guild: FakeGuild;
  readonly channel: FakeChannel;
}

/** The uses of what the bot offers: commands, buttons, selects, modals; and the commands as registered. */
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

  /** The interaction that a token belongs to, while the token is good. */
  find(token: string): FakeInteraction | undefined {
    const use = this.#byToken.get(token);
    return use && this.#isGood(use) ? use : undefined;
  }

  /** Whether its token is still good. */
  #isGood(use: FakeInteraction): boolean {
    return performance.now() - use.at <= this.#options.faults.interactionTokenTtlMs;
  }

  /** Forgets the interactions whose tokens are no longer good; the oldest come first. */
  #dropOld(): void {
    for (const [token, use] of this.#byToken) {
      if (this.#isGood(use)) return;
      this.#byToken.delete(token);
    }
  }

  /** Waits until there are commands. */
  async commands(what: string): Promise<readonly object[]> {
    if (this.#registered.length === 0) {
      const { signal } = this.#options;
      const within = AbortSignal.any([signal, AbortSignal.timeout(REGISTERED_WITHIN_MS)]);
      await once(this, 'registered', { signal: within }).catch((cause: unknown) => {
        throw new Error(`${what} cannot be used: the bot has registered no commands`, { cause });
      });
    }
    return this.#registered;
  }

  /**
   * A person does something; `data` is what the bot is told of it. What they cannot do throws in `data`, and
   * rejects `firstResponse`. Somebody who is not in the server, or has the app neither from it nor for themselves,
   * throws at once.
   */
  use(
    what: string,
    { user, guild, channel }: Caller,
    kind: InteractionKind,
    data: (use: FakeInteraction) => object | Promise<object>,
  ): FakeInteraction {
    const { bot, faults, nextId, messages, posts, installs } = this.#options;
    guild.member(user.id);
    if (!guild.available) throw new Error(`the server ${guild.name} is unavailable`);
    if (!guild.members.has(bot.id) && !installs.has(user.id))
      throw new Error(`the bot is not in the server ${guild.name}`);
    const owners = ownersAt(guild, user, { botId: bot.id, installs });
    const ttlMs = () => faults.interactionTtlMs;
    const id = nextId();
    const use = new FakeInteraction({ id, kind, bot, user, guild, channel, messages, posts, owners, ttlMs });
    this.#dropOld();
    this.#byToken.set(use.token, use);
    this.#send(what, use, data).catch((error: unknown) => {
      use.fail(error instanceof Error ? error : new Error(String(error)));
    });
    return use;
  }

  async #send(
    what: string,
    use: FakeInteraction,
    data: (use: FakeInteraction) => object | Promise<object>,
  ): Promise<void> {
    const { bot, signal, interact } = this.#options;
    const told = await data(use);
    use.start();
    interact(use.guild, interactionPayload(use, told, bot.id));
    const answered = new AbortController();
    use.firstResponse.then(
      () => answered.abort(),
      () => answered.abort(),
    );
    const late = await sleep(FIRST_RESPONSE_WITHIN_MS, true, {
      signal: AbortSignal.any([signal, answered.signal]),
    }).catch(() => false);
    if (late || signal.aborted) use.fail(new Error(`${what} was never answered`));
  }
}
