import type { DiscordGatewayAdapterCreator } from '@discordjs/voice';

type Methods = Parameters<DiscordGatewayAdapterCreator>[0];

/** The echo of our leaving comes within this, also where the gateway had to be resumed; else it was lost on the way. */
const ECHO_MS = 15_000;

interface GateOptions {
  /** The bot's own voice state changed, not by our asking: its channel, or null when it was disconnected. */
  readonly onOwnState: (channelId: string | null) => void;
  /** Discord named the voice server before the bot's own state, an order that the library waits in for ever. */
  readonly onStateAfterServer: () => void;
  /** Puts a wall around what is done with an event of the gateway. */
  readonly walled: (run: () => void) => void;
}

/** A guild's gateway adapter through which only joins that we ask for pass. */
export interface JoinGate {
  readonly adapterCreator: DiscordGatewayAdapterCreator;
  /** Runs `send`, within which joins may pass; returns what it returns. */
  ask<T>(send: () => T): T;
  /**
   * The gateway's session was lost, and with it the voice state that this gate knew of. Within `send` a leave is not
   * passed on: there is nothing to leave.
   */
  lost(send: () => unknown): void;
}

/**
 * Wraps the adapter of discord.js. The voice library re-joins by itself after nearly every close, at once and
 * without end, and so would use up the sends that Discord allows the whole shard: here its joins are refused
 * (it then reports "disconnected"), and the link decides. Leaving always passes.
 */
export function gatedAdapter(inner: DiscordGatewayAdapterCreator, options: GateOptions): JoinGate {
  let asking = false;
  let losing = false;
  /** When we left: each causes an own "left" state that is still to come. `performance.now()`. */
  let leaving: number[] = [];
  let serverNamed = false;
  /** Before this gate's own join is known, a "left" is the echo of a session that was here before. */
  let inside = false;
  /** Our last word to Discord was that we enter. */
  let entering = false;
  const follow = (methods: Methods, data: Parameters<Methods['onVoiceStateUpdate']>[0]) => {
    methods.onVoiceStateUpdate(data);
    const now = performance.now();
    leaving = leaving.filter(at => now - at < ECHO_MS);
    if (data.channel_id === null && leaving.length > 0) {
      leaving.shift();
      inside = false;
      return;
    }
    if (data.channel_id === null && !inside) return;
    // Somebody may have moved the bot before Discord had read that it leaves: that echo still comes.
    inside = data.channel_id !== null;
    if (data.channel_id && serverNamed) options.onStateAfterServer();
    options.onOwnState(data.channel_id);
  };
  return {
    ask(send) {
      asking = true;
      serverNamed = false;
      try {
        return send();
      } finally {
        asking = false;
      }
    },
    lost(send) {
      inside = false;
      entering = false;
      leaving = [];
      losing = true;
      try {
        send();
      } finally {
        losing = false;
      }
    },
    adapterCreator(methods) {
      const adapter = inner({
        ...methods,
        onVoiceServerUpdate: data =>
          options.walled(() => {
            serverNamed = Boolean(data.endpoint);
            methods.onVoiceServerUpdate(data);
          }),
        onVoiceStateUpdate: data => options.walled(() => follow(methods, data)),
      });
      return {
        destroy: () => adapter.destroy(),
        sendPayload(payload: { d: { channel_id: string | null } }) {
          const leaves = payload.d.channel_id === null;
          if (leaves && losing) return true;
          if (!leaves && !asking) return false;
          const sent = adapter.sendPayload(payload);
          // Who is in no channel leaves none, and Discord says nothing.
          if (sent && leaves && (inside || entering)) leaving.push(performance.now());
          if (sent) entering = !leaves;
          return sent;
        },
      };
    },
  };
}
