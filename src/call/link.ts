import { type Networking, VoiceConnectionDisconnectReason, VoiceConnectionStatus } from '@discordjs/voice';
import { walled } from '../walls.ts';
import { CallConnection, type OwnVoiceState } from './call-connection.ts';
import { CallError } from './errors.ts';
import { dropPrepared } from './internals.ts';
import { JoinPromise } from './join-promise.ts';
import type { LinkOptions } from './link-options.ts';
import { type LinkState, PresentState, type StateTimer } from './link-state.ts';
import { ASK_AGAIN_MS, type LinkPhase, PHASE_DEADLINES_MS, phaseOf } from './phase.ts';
import { Recovery } from './recovery.ts';
import type { Remedy } from './remedy.ts';
import { CALL_TIMINGS } from './timings.ts';

/**
 * Keeps the bot in one voice channel: it joins, says when people can hear the bot, recovers from failures, and ends. It
 * begins to join when it is constructed. The voice library may not join by itself: each join is asked for here.
 */
export class CallLink {
  readonly #options: LinkOptions;
  readonly #call: CallConnection;
  readonly #join = new JoinPromise();
  readonly #ended = Promise.withResolvers<CallError | null>();
  readonly #state: PresentState;
  #channelId: string;
  /** The networking of the former channel, while the bot moves to another one. */
  #formerNetworking: Networking | null = null;
  readonly #recovery = new Recovery();

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#channelId = options.channelId;
    this.#state = new PresentState({ log: options.log, onFault: () => this.#makeAnew() });
    this.#begin('signalling');
    this.#call = new CallConnection({
      ...options,
      onChange: () => this.#onChange(),
      onDeadPath: () => this.#onDeadPath(),
      onOwnState: here => this.#onOwnState(here),
      onOvertaken: wanted => this.move(wanted),
      onFault: () => this.#onFault(),
    });
    this.#onChange();
  }

  /** Resolves once the bot is in the channel; rejects with CallError, whose `end` says why it could not get in. */
  get joined(): Promise<void> {
    return this.#join.joined;
  }

  /** Why people cannot hear the bot, if it may take minutes until they can; otherwise null. */
  get trouble(): CallError | null {
    return this.#recovery.trouble && new CallError(this.#recovery.trouble);
  }

  /** Resolves as soon as the link does not wait for its encryption group, or has waited in vain: see `trouble`. */
  async settled(): Promise<void> {
    while (this.#state.phase === 'encryption' && !this.trouble) await this.#state.changed;
  }

  /** Resolves when the link has ended: with an error that says why, or with null when the bot left on purpose. */
  get ended(): Promise<CallError | null> {
    return this.#ended.promise;
  }

  /** The id of the voice channel that the bot is in or joins. */
  get channelId(): string {
    return this.#channelId;
  }

  /** Whether the link has ended. It is true a moment before `ended` resolves. */
  get over(): boolean {
    return this.#state.name === 'ended';
  }

  /** For `/status`: the link's state, the voice gateway's round trip (ms), whether it is end-to-end encrypted. */
  status(): { state: string; pingMs: number | null; endToEnd: boolean } {
    return { state: this.#state.phase ?? this.#state.name, ...this.#call.figures };
  }

  /** Moves the bot to another channel of the guild; `joined` is a new promise from then on. */
  move(channelId: string): void {
    if (this.over) return;
    this.#channelId = channelId;
    this.#join.anew();
    this.#recovery.anew();
    this.#formerNetworking = this.#call.networking;
    this.#begin('signalling');
    this.#call.move(channelId);
  }

  /** Call this when sending has thrown an error. The error is logged, and the connection is made anew. */
  fault(error: unknown): void {
    const fault = { fault: 'voice connection', err: error };
    this.#options.log.error(fault, 'a fault: it costs this connection alone');
    this.#onFault();
  }

  /**
   * Whether the connection lives and belongs to the voice state `own` that the gateway has of the bot (null when the
   * gateway says that the bot is in no channel).
   */
  isAt(own: OwnVoiceState | null): boolean {
    return this.#state.name !== 'waiting' && this.#call.isAt(own, this.#channelId);
  }

  /**
   * Call this when the gateway's session was lost, and with it the bot's place in the channel. The link gives up its
   * connection and waits for `rejoin`. With `present`, the gateway still shows the bot in a channel, and the bot leaves
   * that first.
   */
  hold(present: boolean): void {
    if (this.over) return;
    this.#recovery.forget();
    this.#call.giveUp(present);
    this.#wait(CALL_TIMINGS.hold);
  }

  /** Joins the channel anew, if the link waits for that. */
  rejoin(): void {
    if (this.#state.name === 'waiting') this.#rejoin();
  }

  /** Call this when people came to the channel or left it, since the bot may be heard or not because of that. */
  refresh(): void {
    this.#onChange();
  }

  /** Leaves the channel. */
  leave(): void {
    this.#end(null);
  }

  /** Ends the link because the voice channel was deleted. */
  channelGone(): void {
    this.#end(new CallError('gone'));
  }

  /** Makes the connection anew, but not when a re-join is being waited for already. */
  #onFault(): void {
    if (this.#state.name !== 'waiting') this.#makeAnew();
  }

  /** Makes the connection anew after a fault, with the same pauses and as few times as after a close. */
  #makeAnew(): void {
    if (this.over) return;
    if (this.#state.name === 'waiting') this.#recovery.tried(); // the re-join itself has failed, and so it counts
    this.#apply(this.#recovery.afterFault());
  }

  /** The only place that changes the state. It reports when `audible` begins or ends. */
  #enter(next: LinkState, timer?: StateTimer): void {
    const previous = this.#state.enter(next, timer);
    if (previous.name === 'ended') return;
    if (next.name === 'audible' && previous.name !== 'audible') this.#options.onAudible(this.#call.library);
    if (next.name !== 'audible' && previous.name === 'audible') {
      walled(this.#options.log, 'voice unheard', () => this.#options.onAudible(null));
      dropPrepared(this.#call.library); // the player will send this packet again later
    }
  }

  /** Reads the state of the library's connection and follows it. */
  #onChange(): void {
    if (this.over) return;
    const { state, networking } = this.#call;
    const { now } = this.#state;
    if (now.name === 'waiting' && state.status !== VoiceConnectionStatus.Destroyed) {
      const formed = now.mayForm && this.#call.audibility(this.#options.alone, false) !== 'no';
      // The connection that was given up may still change, but the pause before the re-join goes on.
      if (networking === now.givenUp && !formed) return;
    }
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
    if (this.#formerNetworking && this.#call.networking === this.#formerNetworking) return; // it is that to the old channel
    this.#formerNetworking = null;
    this.#recovery.ready();
    this.#join.came();
    const already = this.#state.name === 'audible';
    const audible = this.#call.audibility(this.#options.alone, already);
    if (audible === 'no') this.#follow('encryption');
    else if (audible === 'soon') this.#follow('transition');
    else if (!already) this.#becomeAudible();
  }

  /** Notes that people can hear the bot from now on. */
  #becomeAudible(): void {
    this.#recovery.heard();
    const run = () => this.#recovery.stable();
    this.#enter({ name: 'audible' }, { what: 'voice stable', ms: CALL_TIMINGS.stable, run });
  }

  /** Goes on to a phase of joining, unless it runs already. */
  #follow(phase: LinkPhase): void {
    // After a close the library goes to "signalling" and at once to "disconnected"; the second one decides.
    if (this.#state.phase !== phase) this.#begin(phase);
  }

  /** Begins a phase of joining, with its deadline. A first join that nothing answers is sent once more meanwhile. */
  #begin(phase: LinkPhase): void {
    const wait = (ms: number, run: () => void) =>
      this.#enter({ name: 'joining', phase }, { what: 'voice deadline', ms, run });
    const deadlineMs = PHASE_DEADLINES_MS[phase];
    const onDeadline = () => this.#onDeadline(phase);
    if (phase !== 'signalling' || this.#recovery.everReady) return wait(deadlineMs, onDeadline);
    wait(ASK_AGAIN_MS, () => {
      this.#call.askAgain(this.#channelId);
      wait(deadlineMs - ASK_AGAIN_MS, onDeadline);
    });
  }

  #onDisconnected(reason: VoiceConnectionDisconnectReason): void {
    if (reason === VoiceConnectionDisconnectReason.EndpointRemoved)
      return this.#apply(this.#recovery.withoutServer());
    if (reason === VoiceConnectionDisconnectReason.Manual) return; // it was us, in order to join anew
    const code = this.#call.closeCode;
    this.#options.log.warn({ code, attempt: this.#recovery.attempts }, 'voice connection closed');
    this.#apply(this.#recovery.afterClose(code), code);
  }

  #onDeadline(phase: LinkPhase): void {
    if (phase === 'transition') {
      this.#formerNetworking = null;
      this.#becomeAudible(); // the bot has keys, and must not be mute because what it waits for never comes
      return;
    }
    this.#options.log.warn({ phase, attempt: this.#recovery.attempts }, 'voice connection: no progress');
    this.#apply(this.#recovery.afterDeadline(phase));
  }

  #onDeadPath(): void {
    if (this.#state.name === 'audible' && this.#recovery.deadPaths.mayLeave()) this.#wait(0);
  }

  /** Re-joins, or applies the next remedy, after the pause of the remedy; or ends the link (`code`: the close code). */
  #apply(remedy: Remedy, code?: number): void {
    if ('end' in remedy) return this.#end(new CallError(remedy.end, code));
    const { pauseMs, trouble, news, next } = remedy;
    const goOn = () => (next ? this.#apply(next()) : this.#rejoin());
    this.#wait(pauseMs, goOn, { mayForm: trouble === 'unencrypted' });
    if (trouble && news) this.#options.onTrouble(new CallError(trouble));
  }

  #wait(ms: number, run = () => this.#rejoin(), { mayForm } = { mayForm: false }): void {
    const givenUp = this.#call.networking;
    this.#enter({ name: 'waiting', givenUp, mayForm }, { what: 'voice re-join', ms, run });
  }

  #rejoin(): void {
    if (this.over) return;
    this.#recovery.tried();
    this.#options.onRejoin();
    this.#begin('signalling');
    if (this.#call.join(this.#channelId)) this.#recovery.asked();
    else this.#apply(this.#recovery.withoutGateway());
  }

  /** Follows the gateway: somebody has moved the bot to another channel, or (null) has disconnected it. */
  #onOwnState(channelId: string | null): void {
    if (this.over) return;
    if (channelId === null) {
      this.#end(new CallError('kicked'));
    } else if (channelId !== this.#channelId) {
      this.#channelId = channelId;
      if (this.#state.name === 'audible') {
        this.#formerNetworking = this.#call.networking; // what it sends reaches nobody any more
        this.#follow('transition');
      }
      this.#options.onMoved(channelId);
    }
  }

  #end(error: CallError | null): void {
    if (this.over) return;
    this.#enter({ name: 'ended' });
    this.#join.left(error);
    this.#ended.resolve(error);
    const leave = () => walled(this.#options.log, 'voice leave', () => this.#call.destroy());
    // After a failure this runs inside the library's own change of state, where `destroy` would throw: so it waits.
    if (error) queueMicrotask(leave);
    else leave();
  }
}
