import {
  type DiscordGatewayAdapterCreator,
  joinVoiceChannel,
  type Networking,
  type VoiceConnection,
  VoiceConnectionDisconnectReason,
  VoiceConnectionStatus,
} from '@discordjs/voice';
import type { Logger } from '../log.ts';
import { gatedAdapter, type JoinGate } from './adapter.ts';
import { audibility } from './audible.ts';
import { VoiceError } from './errors.ts';
import { DeadPaths } from './dead-paths.ts';
import { VOICE_MESSAGE, VoiceFault } from './guards.ts';
import { dropPrepared, gatewaySessionOf, networkingOf } from './internals.ts';
import { type LinkPhase, PHASE_DEADLINES_MS, phaseOf } from './phase.ts';
import { DeadPath } from './path-watch.ts';
import { closeRemedy, type Remedy, rejoinRemedy } from './recovery.ts';

/** A link that has been heard for this long has recovered: its re-joins count from zero again. */
const STABLE_MS = 30_000;
/** The voice server may go away for a while before Discord names another (null endpoint). */
const ENDPOINT_WAIT_MS = 30_000;
const ENDPOINT_WAITS = 5;
/** The gateway cannot take a join while its own connection is down; asked again after this. */
const GATEWAY_WAIT_MS = 1_000;
const GATEWAY_GIVE_UP_MS = 120_000;
/** Held, and told nothing for so long, it re-joins by itself. */
const HOLD_MS = 60_000;
/** Re-joins for a phase that passed its deadline while the first join was still awaited. */
const FIRST_JOIN_RETRIES = 1;

export interface LinkOptions {
  readonly guildId: string;
  readonly channelId: string;
  readonly adapterCreator: DiscordGatewayAdapterCreator;
  /** True when nobody else is in the channel, by the gateway's voice states. */
  readonly alone: () => boolean;
  /** Called with the connection whenever speech can be heard from now on, with null when it no longer can. */
  readonly onAudible: (connection: VoiceConnection | null) => void;
  /** The bot was moved to another channel by somebody else. */
  readonly onMoved: (channelId: string) => void;
  /** People cannot hear the bot for a while, and it goes on by itself; told once each time. */
  readonly onTrouble: (why: VoiceError) => void;
  readonly log: Logger;
}

/** Where the gateway says that the bot is, and by which of its sessions. */
export interface OwnVoiceState {
  readonly channelId: string;
  readonly sessionId: string | null;
}

type State =
  | { readonly name: 'joining'; readonly phase: LinkPhase; readonly timer: NodeJS.Timeout }
  | { readonly name: 'audible'; readonly timer: NodeJS.Timeout }
  /** `left`: the networking that is given up; only a new one ends the wait early. */
  | { readonly name: 'waiting'; readonly timer: NodeJS.Timeout; readonly left: Networking | null }
  | { readonly name: 'ended' };

/**
 * Being in one voice channel: joins, says when speech can be heard, recovers, and ends.
 * The voice library is allowed no join of its own; each one is asked for here, with a pause before it.
 */
export class VoiceLink {
  readonly #options: LinkOptions;
  readonly #gate: JoinGate;
  readonly #connection: VoiceConnection;
  #joined = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<VoiceError | null>();
  #state: State;
  #channelId: string;
  #attempts = 0;
  #closeCode: number | undefined;
  #everReady = false;
  #asking = false;
  /** The networking of a channel that the bot has asked to leave for another. */
  #left: Networking | null = null;
  #gatewayDownSince: number | null = null;
  #lastError: string | undefined;
  readonly #deadPaths = new DeadPaths();
  readonly #watched = new WeakSet<object>();

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#channelId = options.channelId;
    this.#gate = gatedAdapter(options.adapterCreator, {
      onOwnState: channelId => this.#onOwnState(channelId),
      onStateAfterServer: () => {
        if (this.#connection.state.status === VoiceConnectionStatus.Signalling)
          this.#connection.configureNetworking();
      },
    });
    this.#state = { name: 'joining', phase: 'signalling', timer: this.#deadline('signalling') };
    this.#connection = this.#gate.ask(() =>
      joinVoiceChannel({
        guildId: options.guildId,
        channelId: options.channelId,
        adapterCreator: this.#gate.adapterCreator,
        selfDeaf: true,
        debug: false, // its output holds tokens and keys
      }),
    );
    this.#connection.on('stateChange', () => this.#onChange());
    this.#connection.on('error', error => this.#onError(error));
    this.#onChange();
  }

  /** Resolves once the bot is in the channel; rejects with a VoiceError that names the phase. */
  get joined(): Promise<void> {
    return this.#joined.promise;
  }

  /** Resolves when the link is over: with the reason, or null when it was left on purpose. */
  get ended(): Promise<VoiceError | null> {
    return this.#ended.promise;
  }

  get channelId(): string {
    return this.#channelId;
  }

  /** It has ended, whether or not those who wait for `ended` know yet. */
  get over(): boolean {
    return this.#state.name === 'ended';
  }

  /** For `/status`: what the link is doing, its transport cipher, whether it is end-to-end encrypted. */
  status(): { state: string; pingMs: number | null; endToEnd: boolean } {
    const { state } = this.#connection;
    return {
      state: this.#state.name === 'joining' ? this.#state.phase : this.#state.name,
      pingMs: state.status === VoiceConnectionStatus.Ready ? (this.#connection.ping.ws ?? null) : null,
      endToEnd: Boolean(this.#connection.voicePrivacyCode),
    };
  }

  /** Moves to another channel of the same guild; `joined` starts anew. */
  move(channelId: string): void {
    if (this.#state.name === 'ended') return;
    this.#channelId = channelId;
    const earlier = this.#joined;
    this.#joined = Promise.withResolvers();
    this.#joined.promise.then(earlier.resolve, earlier.reject);
    this.#attempts = 0;
    this.#everReady = false;
    this.#left = networkingOf(this.#connection);
    this.#enter({ name: 'joining', phase: 'signalling', timer: this.#deadline('signalling') });
    this.#gate.ask(() => this.#connection.rejoin({ channelId, selfDeaf: true, selfMute: false }));
  }

  /** Something failed in sending or receiving: whatever state that left, the connection is made anew. */
  fault(error: unknown): void {
    this.#options.log.warn({ fault: true, err: error }, 'a fault in a voice connection');
    if (this.#state.name === 'audible' || this.#state.name === 'joining')
      this.#wait(rejoinRemedy(this.#attempts, 'closed'));
  }

  /** The connection lives, and is the one that the gateway means when it says where the bot is (null: nowhere). */
  isAt(own: OwnVoiceState | null): boolean {
    const { status } = this.#connection.state;
    const lives = status === VoiceConnectionStatus.Connecting || status === VoiceConnectionStatus.Ready;
    if (!lives || this.#state.name === 'waiting') return false;
    return own?.channelId === this.#channelId && own.sessionId === gatewaySessionOf(this.#connection);
  }

  /**
   * The gateway's session was lost, and the bot's place in the channel with it: gives up the connection and waits for
   * `rejoin`. `present`: the gateway still shows the bot in a channel, which has to be left first.
   */
  hold(present: boolean): void {
    if (this.#state.name === 'ended') return;
    this.#attempts = 0;
    this.#asking = true; // what the library makes of it is not news
    if (present) this.#connection.disconnect();
    else this.#gate.lost(() => this.#connection.disconnect());
    this.#asking = false;
    const timer = setTimeout(() => this.#rejoin(), HOLD_MS);
    this.#enter({ name: 'waiting', timer, left: networkingOf(this.#connection) });
  }

  /** Ends the wait, and joins its channel anew. */
  rejoin(): void {
    if (this.#state.name === 'waiting') this.#rejoin();
  }

  /** Who is in the channel has changed: what can be heard may have, too. */
  refresh(): void {
    this.#onChange();
  }

  /** Leaves the channel. */
  leave(): void {
    this.#end(null);
  }

  /** Its channel is no more. */
  channelGone(): void {
    this.#end(new VoiceError('gone'));
  }

  #deadline(phase: LinkPhase): NodeJS.Timeout {
    return setTimeout(() => this.#onDeadline(phase), PHASE_DEADLINES_MS[phase]);
  }

  /** The one setter: frees what the next state lacks, and tells when being audible begins or ends. */
  #enter(next: State): void {
    const previous = this.#state;
    if (previous.name === 'ended') {
      if (next.name !== 'ended') clearTimeout(next.timer);
      return;
    }
    clearTimeout(previous.timer);
    this.#state = next;
    if (next.name === 'audible' && previous.name !== 'audible') this.#options.onAudible(this.#connection);
    if (next.name !== 'audible' && previous.name === 'audible') {
      this.#options.onAudible(null);
      dropPrepared(this.#connection); // the player has taken it back
    }
  }

  /** Reads the state of the library's connection and follows it. */
  #onChange(): void {
    if (this.#state.name === 'ended' || this.#asking) return;
    const { state } = this.#connection;
    if (
      this.#state.name === 'waiting' &&
      state.status !== VoiceConnectionStatus.Destroyed &&
      networkingOf(this.#connection) === this.#state.left
    )
      return; // what is given up may stir, but the pause before the re-join stands
    switch (state.status) {
      case VoiceConnectionStatus.Destroyed:
        this.#end(new VoiceError('gone'));
        return;
      case VoiceConnectionStatus.Disconnected:
        this.#onDisconnected(state.reason);
        return;
      case VoiceConnectionStatus.Signalling:
      case VoiceConnectionStatus.Connecting:
        this.#watchNetworking();
        this.#follow(phaseOf(this.#connection));
        return;
      case VoiceConnectionStatus.Ready:
        this.#watchNetworking();
        this.#onReady();
    }
  }

  #onReady(): void {
    if (this.#left && networkingOf(this.#connection) === this.#left) return; // still the old channel's
    this.#left = null;
    this.#everReady = true;
    this.#joined.resolve();
    const already = this.#state.name === 'audible';
    const audible = audibility(this.#connection, this.#options.alone, already);
    if (audible === 'no') this.#follow('encryption');
    else if (audible === 'soon') this.#follow('transition');
    else if (!already) this.#speakable();
  }

  #speakable(): void {
    this.#lastError = undefined;
    this.#deadPaths.recovered();
    const timer = setTimeout(() => {
      this.#attempts = 0;
    }, STABLE_MS);
    this.#enter({ name: 'audible', timer });
  }

  #follow(phase: LinkPhase): void {
    if (this.#state.name === 'joining' && this.#state.phase === phase) return;
    // The library's own turn to "signalling" after a close is followed at once by "disconnected".
    this.#enter({ name: 'joining', phase, timer: this.#deadline(phase) });
  }

  /** The close code and each voice gateway message are seen only by the networking, not the connection. */
  #watchNetworking(): void {
    const networking = networkingOf(this.#connection);
    if (!networking || this.#watched.has(networking)) return;
    this.#watched.add(networking);
    this.#closeCode = undefined;
    const current = () => networkingOf(this.#connection) === networking;
    // Before the library's own listener, which changes the state within the same event.
    networking.prependListener('close', code => {
      this.#closeCode = code;
    });
    networking.on(VOICE_MESSAGE as 'close', () => {
      if (current()) this.#onChange();
    });
  }

  #onDisconnected(reason: VoiceConnectionDisconnectReason): void {
    if (reason === VoiceConnectionDisconnectReason.EndpointRemoved) {
      this.#wait(this.#attempts < ENDPOINT_WAITS ? { pauseMs: ENDPOINT_WAIT_MS } : { end: 'closed' });
      return;
    }
    if (reason === VoiceConnectionDisconnectReason.Manual) return; // ours, on the way to a fresh join
    const code = this.#closeCode;
    this.#options.log.warn({ code, attempt: this.#attempts }, 'voice connection closed');
    this.#wait(closeRemedy(code, this.#attempts), code);
  }

  #onDeadline(phase: LinkPhase): void {
    if (phase === 'transition') {
      this.#speakable(); // the keys are there; a server that never executes the change must not mute us
      return;
    }
    this.#options.log.warn({ phase, attempt: this.#attempts }, 'voice connection: no progress');
    const tries = this.#everReady && phase !== 'encryption' ? Number.POSITIVE_INFINITY : FIRST_JOIN_RETRIES;
    const end = phase === 'resuming' ? 'connecting' : phase;
    if (phase === 'udp' && this.#deadPaths.isDead) this.#waitForPath();
    else if (phase === 'signalling' && !this.#everReady) this.#end(new VoiceError(end));
    else if (this.#attempts >= tries) this.#end(new VoiceError(end));
    else this.#wait(rejoinRemedy(this.#attempts, end));
  }

  /** Datagrams do not get through although they did: tells people once, and tries again, rarely and not for ever. */
  #waitForPath(): void {
    if (this.#deadPaths.tries === 0) this.#options.onTrouble(new VoiceError('unheard'));
    this.#wait(this.#deadPaths.next());
  }

  #onError(error: Error): void {
    if (error instanceof VoiceFault) return this.fault(error);
    // The library closes or retries by itself; the phase deadlines see to the rest. A socket may fail at each packet.
    if (error.message !== this.#lastError)
      this.#options.log.warn({ reason: error.message }, 'voice connection error');
    this.#lastError = error.message;
    if (error instanceof DeadPath && this.#state.name === 'audible' && this.#deadPaths.mayLeave())
      this.#wait({ pauseMs: 0 });
  }

  /** Re-joins after the remedy's pause, or ends for good. */
  #wait(remedy: Remedy, code?: number): void {
    if ('end' in remedy) {
      this.#end(new VoiceError(remedy.end, code));
      return;
    }
    const timer = setTimeout(() => this.#rejoin(), remedy.pauseMs);
    this.#enter({ name: 'waiting', timer, left: networkingOf(this.#connection) });
  }

  #rejoin(): void {
    if (this.#state.name === 'ended') return;
    this.#attempts += 1;
    this.#enter({ name: 'joining', phase: 'signalling', timer: this.#deadline('signalling') });
    this.#asking = true; // what the library makes of it meanwhile is not news
    const asked = this.#gate.ask(() => {
      // A session that Discord thinks alive must be left first: joining the same channel again says nothing new.
      if (this.#connection.state.status !== VoiceConnectionStatus.Disconnected) this.#connection.disconnect();
      return this.#connection.rejoin({ channelId: this.#channelId, selfDeaf: true, selfMute: false });
    });
    this.#asking = false;
    if (asked) {
      this.#gatewayDownSince = null;
      return;
    }
    this.#attempts -= 1; // the gateway was down: no join was sent
    this.#gatewayDownSince ??= performance.now();
    if (performance.now() - this.#gatewayDownSince > GATEWAY_GIVE_UP_MS) this.#end(new VoiceError('closed'));
    else this.#wait({ pauseMs: GATEWAY_WAIT_MS });
  }

  /** The gateway's word on where the bot is: moved by somebody, or disconnected by them. */
  #onOwnState(channelId: string | null): void {
    if (this.#state.name === 'ended') return;
    if (channelId === null) {
      this.#end(new VoiceError('kicked'));
    } else if (channelId !== this.#channelId) {
      this.#channelId = channelId;
      this.#options.onMoved(channelId);
    }
  }

  #end(error: VoiceError | null): void {
    if (this.#state.name === 'ended') return;
    this.#enter({ name: 'ended' });
    this.#joined.promise.catch(() => {}); // awaited by whoever cares; `ended` tells the same
    this.#joined.reject(error ?? new VoiceError('left'));
    this.#ended.resolve(error);
    if (!error) this.#destroy();
    else queueMicrotask(() => this.#destroy()); // not within the library's own state change, where it throws
  }

  #destroy(): void {
    if (this.#connection.state.status !== VoiceConnectionStatus.Destroyed) this.#connection.destroy();
  }
}
