import {
  type DiscordGatewayAdapterCreator,
  joinVoiceChannel,
  type Networking,
  NetworkingStatusCode,
  type VoiceConnection,
  VoiceConnectionStatus,
} from '@discordjs/voice';
import type { Logger } from '../log.ts';
import { walled, wallListeners } from '../walls.ts';
import { audibility } from './audible.ts';
import type { Departures } from './departures.ts';
import { CallFault, VOICE_GATEWAY_MESSAGE } from './guards.ts';
import { gatewaySessionOf, networkingOf } from './internals.ts';
import { JoinGate } from './join-gate.ts';
import { DeadPath, NoSign } from './path-watch.ts';
import { Resumes } from './resumes.ts';

// The voice library's connection of one guild: joins, moves and leaves when it is told to, and reports changes, errors
// and close codes. `link.ts` decides what to do; `join-gate.ts` is the way to Discord's gateway.

/** Discord, "Opcodes and Status Codes": Gateway Opcodes. */
const UPDATE_VOICE_STATE = 4;

/** What a `CallConnection` needs to know, and the callbacks by which it reports. */
export interface CallConnectionOptions {
  readonly guildId: string;
  readonly channelId: string;
  readonly adapterCreator: DiscordGatewayAdapterCreator;
  readonly departures: Departures;
  /** Called when the connection's state, or what it can encrypt, may have changed without our asking. */
  readonly onChange: () => void;
  /** Called when datagrams do not reach the voice server any more. */
  readonly onDeadPath: () => void;
  /** Called when the gateway says that the bot was moved to another channel, or, with null, was disconnected. */
  readonly onOwnState: (channelId: string | null) => void;
  /** Called when a re-join has taken the bot away from this channel, to which somebody had moved it just before. */
  readonly onOvertaken: (channelId: string) => void;
  /**
   * Called when the connection has to be made anew: after something threw in the library, in a callback above, or while
   * following the gateway, or when the voice session is lost again and again. It is logged.
   */
  readonly onFault: () => void;
  readonly log: Logger;
}

/** The voice channel in which Discord shows the bot itself, and the gateway session by which the bot joined it. */
export interface OwnVoiceState {
  readonly channelId: string;
  readonly sessionId: string | null;
}

/** It asks to join as soon as it is constructed, and later only when it is told to, never by itself. */
export class CallConnection {
  readonly library: VoiceConnection;
  readonly #options: CallConnectionOptions;
  readonly #gate: JoinGate;
  readonly #watched = new WeakSet<object>();
  readonly #resumes = new Resumes();
  #closeCode: number | undefined;
  #lastError: string | undefined;
  /** True while we ask for something: the changes of state that the library then makes are not reported. */
  #asking = false;

  constructor(options: CallConnectionOptions) {
    this.#options = options;
    const { guildId, channelId, onChange, onFault, log } = options;
    this.#gate = new JoinGate(options.adapterCreator, {
      departures: options.departures,
      onOwnState: here => options.onOwnState(here),
      onOvertaken: channelId => options.onOvertaken(channelId),
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

  /** The state of the library's connection. */
  get state(): VoiceConnection['state'] {
    return this.library.state;
  }

  /** The round trip of the voice gateway's heartbeat, in ms, and whether the call is end-to-end encrypted. */
  get figures(): { pingMs: number | null; endToEnd: boolean } {
    const { ping, voicePrivacyCode } = this.library;
    return { pingMs: ping.ws ?? null, endToEnd: Boolean(voicePrivacyCode) };
  }

  /** The library's object for the sockets of the present try to connect; null when there is none. */
  get networking(): Networking | null {
    return networkingOf(this.library);
  }

  /** Whether people can hear what is said on this connection now; see `audibility` in `audible.ts`. */
  audibility(alone: () => boolean, already: boolean): ReturnType<typeof audibility> {
    return audibility(this.library, alone, already);
  }

  /**
   * The code with which the voice gateway closed the present sockets; undefined while it has not, or without a code.
   */
  get closeCode(): number | undefined {
    return this.#closeCode;
  }

  /**
   * Whether the connection lives and belongs to the voice state `own` that the gateway has of the bot (null when the
   * gateway says that the bot is in no channel).
   */
  isAt(own: OwnVoiceState | null, channelId: string): boolean {
    const { status } = this.library.state;
    const lives = status === VoiceConnectionStatus.Connecting || status === VoiceConnectionStatus.Ready;
    return lives && own?.channelId === channelId && own.sessionId === gatewaySessionOf(this.library);
  }

  /** Asks the gateway to move the bot to another channel. */
  move(channelId: string): void {
    this.#gate.ask(() => this.library.rejoin({ channelId, selfDeaf: true, selfMute: false }));
  }

  /** Asks the gateway to let the bot join anew; returns false when the gateway cannot be asked now. */
  join(channelId: string): boolean {
    const send = () => {
      // If Discord believes that the bot is there, the bot must leave first: to join the same channel again does
      // nothing. When the voice gateway has just closed, Discord most often does not believe it.
      if (this.library.state.status !== VoiceConnectionStatus.Disconnected) this.#leave();
      return this.library.rejoin({ channelId, selfDeaf: true, selfMute: false });
    };
    return this.#quietly(() => this.#gate.ask(send, { restores: channelId }));
  }

  /**
   * Sends the last join once more, if Discord has answered nothing at all to it. The library's state does not change: it
   * waits on.
   */
  askAgain(channelId: string): void {
    const sent = this.#gate.askAgain(() => this.#sendState(channelId));
    if (sent)
      this.#options.log.info('Discord has not answered the join of a voice channel: it is sent once more');
  }

  /**
   * Gives the connection up for now. With `present`, the gateway still shows the bot in a channel, and the bot leaves
   * it.
   */
  giveUp(present: boolean): void {
    this.#quietly(() => {
      if (present) this.library.disconnect();
      else this.#gate.lost(() => this.library.disconnect());
    });
  }

  /** Leaves the channel for good. */
  destroy(): void {
    if (this.library.state.status !== VoiceConnectionStatus.Destroyed) this.library.destroy();
  }

  #leave(): void {
    // While the library waits for an answer to its last join (`signalling`), its `disconnect` does nothing.
    if (this.library.state.status === VoiceConnectionStatus.Signalling) this.#sendState(null);
    else this.library.disconnect();
  }

  /** Asks the gateway, past the library, for this channel or (null) to leave. Returns whether the gateway took it. */
  #sendState(channelId: string | null): boolean {
    const { state } = this.library;
    if (state.status === VoiceConnectionStatus.Destroyed) return false;
    const d = { guild_id: this.#options.guildId, channel_id: channelId, self_deaf: true, self_mute: false };
    return state.adapter.sendPayload({ op: UPDATE_VOICE_STATE, d });
  }

  #quietly<T>(ask: () => T): T {
    this.#asking = true;
    try {
      return ask();
    } finally {
      this.#asking = false;
    }
  }

  /** Most errors need no answer: the library closes or tries again, and else the deadline of the phase passes. */
  #onError(error: Error): void {
    const { log, onDeadPath, onFault } = this.#options;
    if (error instanceof CallFault) {
      log.error({ fault: 'voice connection', err: error }, 'a fault: it costs this connection alone');
      onFault();
      return;
    }
    if (error instanceof NoSign) {
      log.info('whether speech reaches the voice server cannot be seen: it no longer answers discovery');
      return;
    }
    if (error.message !== this.#lastError) log.warn({ reason: error.message }, 'voice connection error');
    this.#lastError = error.message; // it is remembered, so that a socket that fails at each packet is logged once
    if (error instanceof DeadPath) onDeadPath();
  }

  /** Listens to the networking, since only that tells of the close code and of each message of the voice gateway. */
  #watchNetworking(): void {
    const { networking } = this;
    if (!networking || this.#watched.has(networking)) return;
    this.#watched.add(networking);
    this.#closeCode = undefined;
    this.#lastError = undefined;
    const { log, onChange, onFault } = this.#options;
    // Ours comes before the library's own listener, which changes the state within the same event.
    networking.prependListener('close', code => {
      this.#closeCode = code;
    });
    networking.on('stateChange', (_, { code }) => {
      if (code !== NetworkingStatusCode.Resuming || this.#resumes.mayResume()) return;
      log.warn('the voice server drops each socket on which the session is resumed');
      networking.destroy();
      onFault();
    });
    networking.on(VOICE_GATEWAY_MESSAGE as 'close', () => {
      if (this.networking === networking && !this.#asking) walled(log, 'voice message', onChange, onFault);
    });
  }
}
