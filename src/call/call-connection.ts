import {
  type DiscordGatewayAdapterCreator,
  joinVoiceChannel,
  type Networking,
  type VoiceConnection,
  VoiceConnectionStatus,
} from '@discordjs/voice';
import type { Logger } from '../log.ts';
import { walled, wallListeners } from '../walls.ts';
import { gatedAdapter, type JoinGate } from './adapter.ts';
import { VOICE_GATEWAY_MESSAGE, CallFault } from './guards.ts';
import { gatewaySessionOf, networkingOf } from './internals.ts';
import { DeadPath, NoSign } from './path-watch.ts';

export interface CallConnectionOptions {
  readonly guildId: string;
  readonly channelId: string;
  readonly adapterCreator: DiscordGatewayAdapterCreator;
  /** The connection's state, or what it can encrypt, may have changed. Not told of what our own asking causes. */
  readonly onChange: () => void;
  /** Datagrams do not reach the voice server any more. */
  readonly onDeadPath: () => void;
  /** The gateway's word on where the bot is, when it is not there by our asking; null: it was disconnected. */
  readonly onOwnState: (channelId: string | null) => void;
  /** Something failed, and is in the log: in the library, in one of the three above, in following the gateway. */
  readonly onFault: () => void;
  readonly log: Logger;
}

/** Where the gateway says that the bot is, and by which of its sessions. */
export interface OwnVoiceState {
  readonly channelId: string;
  readonly sessionId: string | null;
}

/**
 * The voice library's connection of one guild, and the gate through which it asks the gateway: it joins when it is
 * told to, and never by itself. It is born asking to join.
 */
export class CallConnection {
  readonly library: VoiceConnection;
  readonly #options: CallConnectionOptions;
  readonly #gate: JoinGate;
  readonly #watched = new WeakSet<object>();
  #closeCode: number | undefined;
  #lastError: string | undefined;
  /** What the library makes of our asking is not news. */
  #asking = false;

  constructor(options: CallConnectionOptions) {
    this.#options = options;
    const { guildId, channelId, onChange, onFault, log } = options;
    this.#gate = gatedAdapter(options.adapterCreator, {
      onOwnState: here => options.onOwnState(here),
      onStateAfterServer: () => {
        if (this.library.state.status === VoiceConnectionStatus.Signalling)
          this.library.configureNetworking();
      },
      walled: run => walled(log, 'voice adapter', run, onFault),
    });
    this.library = this.#gate.ask(() =>
      joinVoiceChannel({
        guildId,
        channelId,
        adapterCreator: this.#gate.adapterCreator,
        selfDeaf: true,
        debug: false, // its output holds tokens and keys
      }),
    );
    this.library.on('stateChange', () => {
      this.#watchNetworking();
      if (!this.#asking) onChange();
    });
    this.library.on('error', error => this.#onError(error));
    wallListeners(this.library, log, 'voice connection', onFault);
  }

  get state(): VoiceConnection['state'] {
    return this.library.state;
  }

  /** Round trip of the voice gateway's heartbeat, in ms, and whether the call is end-to-end encrypted. */
  get figures(): { pingMs: number | null; endToEnd: boolean } {
    const { ping, voicePrivacyCode } = this.library;
    return { pingMs: ping.ws ?? null, endToEnd: Boolean(voicePrivacyCode) };
  }

  get networking(): Networking | null {
    return networkingOf(this.library);
  }

  /** Why the voice gateway closed last; undefined while it has not, or without a code. */
  get closeCode(): number | undefined {
    return this.#closeCode;
  }

  /** It lives, and is the one that the gateway means when it says where the bot is (null: nowhere). */
  isAt(own: OwnVoiceState | null, channelId: string): boolean {
    const { status } = this.library.state;
    const lives = status === VoiceConnectionStatus.Connecting || status === VoiceConnectionStatus.Ready;
    return lives && own?.channelId === channelId && own.sessionId === gatewaySessionOf(this.library);
  }

  /** Asks to go on in another channel. */
  move(channelId: string): void {
    this.#gate.ask(() => this.library.rejoin({ channelId, selfDeaf: true, selfMute: false }));
  }

  /** Asks to join anew; false when the gateway cannot be asked now. */
  join(channelId: string): boolean {
    return this.#quietly(() =>
      this.#gate.ask(() => {
        // A session that Discord thinks alive must be left first: joining the same channel again says nothing new.
        if (this.library.state.status !== VoiceConnectionStatus.Disconnected) this.library.disconnect();
        return this.library.rejoin({ channelId, selfDeaf: true, selfMute: false });
      }),
    );
  }

  /** Gives the connection up for now. `present`: the gateway still shows the bot in a channel, which it leaves. */
  giveUp(present: boolean): void {
    this.#quietly(() => {
      if (present) this.library.disconnect();
      else this.#gate.lost(() => this.library.disconnect());
    });
  }

  /** Leaves for good. */
  destroy(): void {
    if (this.library.state.status !== VoiceConnectionStatus.Destroyed) this.library.destroy();
  }

  #quietly<T>(ask: () => T): T {
    this.#asking = true;
    try {
      return ask();
    } finally {
      this.#asking = false;
    }
  }

  /** Most errors mend themselves: the library closes or retries, and the deadlines of the phases see to the rest. */
  #onError(error: Error): void {
    const { log, onDeadPath, onFault } = this.#options;
    if (error instanceof CallFault) {
      log.error({ fault: 'voice connection', err: error }, 'a fault: it costs this connection alone');
      onFault();
      return;
    }
    if (error instanceof NoSign) {
      log.info('whether speech reaches the voice server cannot be seen: it repeats no discovery');
      return;
    }
    if (error.message !== this.#lastError) log.warn({ reason: error.message }, 'voice connection error');
    this.#lastError = error.message; // a socket may fail at each packet
    if (error instanceof DeadPath) onDeadPath();
  }

  /** The close code and each voice gateway message are seen only by the networking, not the connection. */
  #watchNetworking(): void {
    const { networking } = this;
    if (!networking || this.#watched.has(networking)) return;
    this.#watched.add(networking);
    this.#closeCode = undefined;
    this.#lastError = undefined;
    const { log, onChange, onFault } = this.#options;
    // Before the library's own listener, which changes the state within the same event.
    networking.prependListener('close', code => {
      this.#closeCode = code;
    });
    networking.on(VOICE_GATEWAY_MESSAGE as 'close', () => {
      if (this.networking === networking && !this.#asking) walled(log, 'voice message', onChange, onFault);
    });
  }
}
