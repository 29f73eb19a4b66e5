import type { DiscordGatewayAdapterCreator } from '@discordjs/voice';
import type { Departures } from './departures.ts';

// The gate of one guild between the voice library and Discord's gateway: it lets only the joins through that this
// program asked for, and tells moves and kicks of the bot from the echo of what the bot did itself.

type Methods = Parameters<DiscordGatewayAdapterCreator>[0];
type ServerUpdate = Parameters<Methods['onVoiceServerUpdate']>[0];
type OwnState = Parameters<Methods['onVoiceStateUpdate']>[0];

/** Discord's state for a join arrives within this time; if it does not, the bot was there already. */
const JOIN_ECHO_MS = 5_000;

interface GateOptions {
  /** The leaves of the guild's bot that Discord has not answered yet, also those of earlier links. */
  readonly departures: Departures;
  /** Called when the bot's own voice state changed without our asking. It gets the channel's id, or null if in none. */
  readonly onOwnState: (channelId: string | null) => void;
  /**
   * Called when somebody had moved the bot to this channel, and then Discord acted on a re-join to the former channel,
   * which was on its way already. `onOwnState` was called with this channel, and is not called with the former one.
   */
  readonly onOvertaken: (channelId: string) => void;
  /**
   * Called when Discord told of the voice server before the bot's own state. In that order the library waits for ever.
   */
  readonly onStateAfterServer: () => void;
  /** Runs what is done with an event of the gateway, so that an exception in it harms nothing else. */
  readonly walled: (run: () => void) => void;
}

/**
 * Wraps the gateway adapter of discord.js. The voice library re-joins by itself after nearly every close, at once and
 * without end, and so it would use up the messages that Discord allows the whole shard to send. Here its joins are
 * refused (it then reports "disconnected"), and `CallLink` decides when to re-join. Leaving is always passed on.
 */
export class JoinGate {
  readonly #inner: DiscordGatewayAdapterCreator;
  readonly #options: GateOptions;
  /** Whether `ask` runs, so that joins are passed on. */
  #asking = false;
  /** Whether `lost` runs, so that a leave is not passed on. */
  #losing = false;
  /** Whether the library knows a voice server that Discord has named since a join was last asked for. */
  #serverNamed = false;
  /**
   * The channel in which Discord last told that the bot is; null if in none. While it is in none, a "left" state belongs
   * to an earlier stay of the bot.
   */
  #where: string | null = null;
  /** Whether Discord has told a voice server, or that the bot is elsewhere now, since a join was last asked for. */
  #answered = false;
  /** Whether the last thing that this gate has sent to Discord is a join. */
  #entering = false;
  /** The re-join on which Discord has not acted yet, and the channel to which somebody has moved the bot meanwhile. */
  #restoring: { readonly channelId: string; readonly at: number; movedTo?: string } | undefined;
  /** The voice server that Discord named while the bot was in no channel, which is before its own state. */
  #early: ServerUpdate | undefined;

  constructor(inner: DiscordGatewayAdapterCreator, options: GateOptions) {
    this.#inner = inner;
    this.#options = options;
  }

  /**
   * Runs `send`, during which joins are passed on; returns what `send` returns. `restores` is the channel of a join
   * that nobody has asked for, such as after a fault: a move by somebody meanwhile counts for more (see `onOvertaken`).
   */
  ask<T>(send: () => T, { restores }: { restores?: string } = {}): T {
    this.#restoring = restores === undefined ? undefined : { channelId: restores, at: performance.now() };
    this.#serverNamed = false;
    this.#early = undefined;
    this.#answered = false;
    return this.#passing(send);
  }

  /**
   * Runs `send`, during which joins are passed on, if Discord has answered nothing at all to the join that was last
   * asked for. Returns whether `send` says that it was sent.
   */
  askAgain(send: () => boolean): boolean {
    return !this.#answered && this.#passing(send);
  }

  #passing<T>(send: () => T): T {
    this.#asking = true;
    try {
      return send();
    } finally {
      this.#asking = false;
    }
  }

  /**
   * Call this when the gateway's session was lost, and with it the voice state that this gate knew of. It runs `send`,
   * during which a leave is not passed on, since there is nothing to leave any more.
   */
  lost(send: () => unknown): void {
    this.#where = null;
    this.#entering = false;
    this.#options.departures.forget();
    this.#losing = true;
    try {
      send();
    } finally {
      this.#losing = false;
    }
  }

  /** The guild's gateway adapter, for the voice library. */
  readonly adapterCreator: DiscordGatewayAdapterCreator = methods => {
    const { walled } = this.#options;
    const adapter = this.#inner({
      ...methods,
      onVoiceServerUpdate: data => walled(() => this.#onServer(methods, withoutScheme(data))),
      onVoiceStateUpdate: data => walled(() => this.#onState(methods, data)),
    });
    return {
      destroy: () => adapter.destroy(),
      sendPayload: (payload: { d: { channel_id: string | null } }) => {
        const leaves = payload.d.channel_id === null;
        if (leaves && this.#losing) return true;
        if (!leaves && !this.#asking) return false;
        const sent = adapter.sendPayload(payload);
        // If the bot was in no channel, Discord sends no "left" state for this.
        if (sent && leaves && (this.#where !== null || this.#entering)) this.#options.departures.left();
        if (sent) this.#entering = !leaves;
        return sent;
      },
    };
  };

  /** Discord names the voice server, or with no endpoint takes it away. */
  #onServer(methods: Methods, data: ServerUpdate): void {
    // With the state of a bot that has left, the library would connect for no channel, and throw.
    this.#answered = true;
    this.#early = data.endpoint && this.#where === null ? data : undefined;
    if (this.#early) return;
    this.#serverNamed = Boolean(data.endpoint);
    methods.onVoiceServerUpdate(data);
  }

  /** Discord tells in which channel the bot is. */
  #onState(methods: Methods, data: OwnState): void {
    const { departures, onOwnState, onOvertaken, onStateAfterServer } = this.#options;
    methods.onVoiceStateUpdate(data);
    const before = this.#where;
    this.#where = data.channel_id;
    const inside = this.#where !== null;
    // After a "left" state, what came before it was the answer to an earlier join.
    if (this.#where !== before) this.#answered = inside;
    if (inside && this.#early) {
      methods.onVoiceServerUpdate(this.#early);
      this.#early = undefined;
    }
    // If the bot is inside, its leave still waits for an answer: somebody may have moved it before Discord got the
    // leave, and then the "left" state is still to come.
    if (!inside && departures.answered()) return;
    if (!inside && before === null) return;
    if (inside && this.#serverNamed) onStateAfterServer();
    const overtaken = data.channel_id !== null && this.#movedBefore(data.channel_id);
    if (overtaken) onOvertaken(overtaken);
    else onOwnState(data.channel_id);
  }

  /** The channel to which somebody had moved the bot before Discord acted on the re-join that this state answers. */
  #movedBefore(channelId: string): string | undefined {
    const restoring = this.#restoring;
    if (!restoring || performance.now() - restoring.at > JOIN_ECHO_MS) return undefined;
    if (channelId !== restoring.channelId) {
      restoring.movedTo = channelId;
      return undefined;
    }
    this.#restoring = undefined;
    return restoring.movedTo;
  }
}

/** The library puts the scheme before the endpoint by itself. */
function withoutScheme(data: ServerUpdate): ServerUpdate {
  return { ...data, endpoint: data.endpoint?.replace(/^wss:\/\//u, '') ?? null };
}
