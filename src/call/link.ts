import { type Networking, VoiceConnectionDisconnectReason, VoiceConnectionStatus } from '@discordjs/voice';
import { walled } from '../walls.ts';
import { audibility } from './audible.ts';
import { CallConnection, type OwnVoiceState } from './call-connection.ts';
import { CallError } from './errors.ts';
import { dropPrepared } from './internals.ts';
import type { LinkOptions } from './link-options.ts';
import { type LinkPhase, PHASE_DEADLINES_MS, phaseOf } from './phase.ts';
import { Recovery } from './recovery.ts';
import type { Remedy } from './remedy.ts';

/** A link that has been heard for this long has recovered: its re-joins count from zero again. */
const STABLE_MS = 30_000;
/** Held, and told nothing for so long, it re-joins by itself. */
const HOLD_MS = 60_000;
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
export class CallLink {
  readonly #options: LinkOptions;
  readonly #call: CallConnection;
  #joined = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<CallError | null>();
  #state: State;
  #channelId: string;
  /** The networking of a channel that the bot has asked to leave for another. */
  #left: Networking | null = null;
  readonly #recovery = new Recovery();

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#channelId = options.channelId;
    this.#state = { name: 'joining', phase: 'signalling', timer: this.#deadline('signalling') };
    const { guildId, channelId, adapterCreator, log } = options;
    this.#call = new CallConnection({
      guildId,
      channelId,
      adapterCreator,
      onChange: () => this.#onChange(),
      onDeadPath: () => this.#onDeadPath(),
      onOwnState: here => this.#onOwnState(here),
      onFault: () => this.#onFault(),
      log,
    });
    this.#onChange();
  }

  /** Resolves once the bot is in the channel; rejects with a CallError that names the phase. */
  get joined(): Promise<void> {
    return this.#joined.promise;
  }

  /** Resolves when the link is over: with the reason, or null when it was left on purpose. */
  get ended(): Promise<CallError | null> {
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
    const { name } = this.#state;
    return { state: name === 'joining' ? this.#state.phase : name, ...this.#call.figures };
  }

  /** Moves to another channel of the same guild; `joined` starts anew. */
  move(channelId: string): void {
    if (this.#state.name === 'ended') return;
    this.#channelId = channelId;
    const earlier = this.#joined;
    this.#joined = Promise.withResolvers();
    this.#joined.promise.then(earlier.resolve, earlier.reject);
    this.#recovery.anew();
    this.#left = this.#call.networking;
    this.#enter({ name: 'joining', phase: 'signalling', timer: this.#deadline('signalling') });
    this.#call.move(channelId);
  }

  /** Something failed in sending or receiving: whatever state that left, the connection is made anew. */
  fault(error: unknown): void {
    const fault = { fault: 'voice connection', err: error };
    this.#options.log.error(fault, 'a fault: it costs this connection alone');
    this.#onFault();
  }

  /** The connection lives, and is the one that the gateway means when it says where the bot is (null: nowhere). */
  isAt(own: OwnVoiceState | null): boolean {
    return this.#state.name !== 'waiting' && this.#call.isAt(own, this.#channelId);
  }

  /**
   * The gateway's session was lost, and the bot's place in the channel with it: gives up the connection and waits for
   * `rejoin`. `present`: the gateway still shows the bot in a channel, which has to be left first.
   */
  hold(present: boolean): void {
    if (this.#state.name === 'ended') return;
    this.#recovery.forget();
    this.#call.giveUp(present);
    this.#rejoinIn(HOLD_MS);
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
    this.#end(new CallError('gone'));
  }

  #deadline(phase: LinkPhase): NodeJS.Timeout {
    return this.#later('voice deadline', PHASE_DEADLINES_MS[phase], () => this.#onDeadline(phase));
  }

  /** A timer whose failure ends in a connection made anew, so that the link never waits for nothing. */
  #later(what: string, ms: number, run: () => void): NodeJS.Timeout {
    return setTimeout(() => walled(this.#options.log, what, run, () => this.#makeAnew()), ms);
  }

  /** Where a re-join is waited for already, nothing more need be done. */
  #onFault(): void {
    if (this.#state.name !== 'waiting') this.#makeAnew();
  }

  /** No more often than after closes. */
  #makeAnew(): void {
    if (this.#state.name === 'ended') return;
    if (this.#state.name === 'waiting') this.#recovery.tried(); // it was the re-join that failed
    this.#wait(this.#recovery.afterFault());
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
    if (next.name === 'audible' && previous.name !== 'audible') this.#options.onAudible(this.#call.library);
    if (next.name !== 'audible' && previous.name === 'audible') {
      walled(this.#options.log, 'voice unheard', () => this.#options.onAudible(null));
      dropPrepared(this.#call.library); // the player has taken it back
    }
  }

  /** Reads the state of the library's connection and follows it. */
  #onChange(): void {
    if (this.#state.name === 'ended') return;
    const { state, networking } = this.#call;
    if (
      this.#state.name === 'waiting' &&
      state.status !== VoiceConnectionStatus.Destroyed &&
      networking === this.#state.left
    )
      return; // what is given up may stir, but the pause before the re-join stands
    switch (state.status) {
      case VoiceConnectionStatus.Destroyed:
        this.#end(new CallError('gone'));
        return;
      case VoiceConnectionStatus.Disconnected:
        this.#onDisconnected(state.reason);
        return;
      case VoiceConnectionStatus.Signalling:
      case VoiceConnectionStatus.Connecting:
        this.#follow(phaseOf(this.#call.library));
        return;
      case VoiceConnectionStatus.Ready:
        this.#onReady();
    }
  }

  #onReady(): void {
    if (this.#left && this.#call.networking === this.#left) return; // still the old channel's
    this.#left = null;
    this.#recovery.ready();
    this.#joined.resolve();
    const already = this.#state.name === 'audible';
    const audible = audibility(this.#call.library, this.#options.alone, already);
    if (audible === 'no') this.#follow('encryption');
    else if (audible === 'soon') this.#follow('transition');
    else if (!already) this.#speakable();
  }

  #speakable(): void {
    this.#recovery.deadPaths.recovered();
    const timer = this.#later('voice stable', STABLE_MS, () => this.#recovery.forget());
    this.#enter({ name: 'audible', timer });
  }

  #follow(phase: LinkPhase): void {
    if (this.#state.name === 'joining' && this.#state.phase === phase) return;
    // The library's own turn to "signalling" after a close is followed at once by "disconnected".
    this.#enter({ name: 'joining', phase, timer: this.#deadline(phase) });
  }

  #onDisconnected(reason: VoiceConnectionDisconnectReason): void {
    if (reason === VoiceConnectionDisconnectReason.EndpointRemoved) {
      this.#wait(this.#recovery.withoutServer());
      return;
    }
    if (reason === VoiceConnectionDisconnectReason.Manual) return; // ours, on the way to a fresh join
    const code = this.#call.closeCode;
    this.#options.log.warn({ code, attempt: this.#recovery.attempts }, 'voice connection closed');
    this.#wait(this.#recovery.afterClose(code), code);
  }

  #onDeadline(phase: LinkPhase): void {
    if (phase === 'transition') {
      this.#speakable(); // the keys are there; a server that never executes the change must not mute us
      return;
    }
    this.#options.log.warn({ phase, attempt: this.#recovery.attempts }, 'voice connection: no progress');
    const { deadPaths } = this.#recovery;
    if (phase === 'udp' && deadPaths.isDead && deadPaths.tries === 0)
      this.#options.onTrouble(new CallError('unheard'));
    this.#wait(this.#recovery.afterDeadline(phase));
  }

  #onDeadPath(): void {
    if (this.#state.name === 'audible' && this.#recovery.deadPaths.mayLeave()) this.#rejoinIn(0);
  }

  /** Re-joins after the remedy's pause, or ends for good. */
  #wait(remedy: Remedy, code?: number): void {
    if ('end' in remedy) this.#end(new CallError(remedy.end, code));
    else this.#rejoinIn(remedy.pauseMs);
  }

  #rejoinIn(ms: number): void {
    const timer = this.#later('voice re-join', ms, () => this.#rejoin());
    this.#enter({ name: 'waiting', timer, left: this.#call.networking });
  }

  #rejoin(): void {
    if (this.#state.name === 'ended') return;
    this.#recovery.tried();
    this.#enter({ name: 'joining', phase: 'signalling', timer: this.#deadline('signalling') });
    if (this.#call.join(this.#channelId)) this.#recovery.asked();
    else this.#wait(this.#recovery.withoutGateway());
  }

  /** The gateway's word on where the bot is: moved by somebody, or disconnected by them. */
  #onOwnState(channelId: string | null): void {
    if (this.#state.name === 'ended') return;
    if (channelId === null) {
      this.#end(new CallError('kicked'));
    } else if (channelId !== this.#channelId) {
      this.#channelId = channelId;
      this.#options.onMoved(channelId);
    }
  }

  #end(error: CallError | null): void {
    if (this.#state.name === 'ended') return;
    this.#enter({ name: 'ended' });
    this.#joined.promise.catch(() => {}); // awaited by whoever cares; `ended` tells the same
    this.#joined.reject(error ?? new CallError('left'));
    this.#ended.resolve(error);
    const leave = () => walled(this.#options.log, 'voice leave', () => this.#call.destroy());
    // After a failure not within the library's own state change, where it throws.
    if (error) queueMicrotask(leave);
    else leave();
  }
}
