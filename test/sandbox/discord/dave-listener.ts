import { DAVESession } from '@snazzah/davey';
import type { DaveGroup } from './dave-group.ts';
import type { GroupMember } from './dave-member.ts';
import { TRANSITION_TIMEOUT_MS } from './dave-transitions.ts';
import type { Datagram, HeardPacket, Listener } from './voice-api.ts';

/** MediaType.AUDIO of davey, whose const enum cannot be used with isolated modules. */
const AUDIO = 0;
const NEW_GROUP = 1;
/** How long a listener leaves it to those who were in the call before to commit. */
const COMMIT_TURN_MS = 250;
/** Datagrams and executed transitions come by different sockets: how far one may overtake the other. */
const IN_FLIGHT_MS = 100;

/** Whom a listener expects in the call, as a client learns by ops 11 and 13. */
export interface CallMembers {
  readonly group: DaveGroup;
  readonly userIds: readonly string[];
}

/** A person in the call: a full member of its MLS group, who decrypts what is said. */
export class DaveListener implements Listener, GroupMember {
  readonly userId: string;
  readonly heard: HeardPacket[] = [];
  readonly #channelId: string;
  readonly #call: CallMembers;
  readonly #since = performance.now();
  #session: DAVESession | null = null;
  #heldCommit: NodeJS.Timeout | null = null;
  #disposed = false;
  #undecryptable = 0;
  #early = 0;
  #unencrypted = 0;
  /** Plain frames count as heard until then (`performance.now()`, ms); Infinity at version 0. */
  #plainUntil: number;
  /** When the first group that this listener is in was in force (`performance.now()`, ms). */
  #settledAt = Infinity;
  readonly #versions = new Map<number, number>();

  constructor(userId: string, channelId: string, call: CallMembers) {
    this.userId = userId;
    this.#channelId = channelId;
    this.#call = call;
    this.#plainUntil = call.group.version === 0 ? Infinity : 0;
    if (call.group.version > 0) this.#startOver();
  }

  get undecryptable(): number {
    return this.#undecryptable;
  }

  get early(): number {
    return this.#early;
  }

  get unencrypted(): number {
    return this.#unencrypted;
  }

  get privacyCode(): string | null {
    return this.#session?.voicePrivacyCode || null;
  }

  speech(): Buffer[] {
    return this.heard.filter(packet => !packet.silence).map(packet => packet.opus);
  }

  /** Takes a datagram of the call as a client would: returns what is heard, or counts why nothing is. */
  receive(datagram: Datagram): HeardPacket | null {
    const { at, userId, sequence, timestamp, frame, silence, encrypted } = datagram;
    const hear = (opus: Buffer, endToEnd: boolean) => {
      const packet = { at, userId, sequence, timestamp, opus, silence, endToEnd };
      this.heard.push(packet);
      return packet;
    };
    if (silence) return hear(frame, false);
    if (encrypted && this.#session) {
      const opus = this.#decrypted(this.#session, datagram);
      return opus && hear(opus, true);
    }
    if (at < this.#plainUntil) return hear(frame, false);
    this.#unencrypted++;
    return null;
  }

  #decrypted(session: DAVESession, { at, userId, frame }: Datagram): Buffer | null {
    try {
      return session.decrypt(userId, AUDIO, frame);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const joining = at < Math.min(this.#settledAt + IN_FLIGHT_MS, this.#since + TRANSITION_TIMEOUT_MS);
      if (joining) this.#early++;
      else this.#undecryptable++;
      return null;
    }
  }

  externalSender(payload: Buffer): void {
    this.#session?.setExternalSender(payload);
  }

  proposals(payload: Buffer, turn: number): void {
    const { commit, welcome } =
      this.#session?.processProposals(payload.readUInt8(), payload.subarray(1), [...this.#call.userIds]) ??
      {};
    this.#dropHeldCommit();
    if (!commit) return;
    const message = Buffer.concat(welcome ? [commit, welcome] : [commit]);
    const send = () => this.#call.group.commitWelcome(this.userId, message);
    if (turn === 0) this.#later(send);
    else this.#heldCommit = setTimeout(send, turn * COMMIT_TURN_MS);
  }

  announceCommit(transitionId: number, commit: Buffer): void {
    this.#follow(transitionId, session => session.processCommit(commit));
  }

  welcome(transitionId: number, welcome: Buffer): void {
    this.#follow(transitionId, session => session.processWelcome(welcome));
  }

  prepareTransition(transitionId: number, version: number): void {
    if (transitionId === 0) return;
    this.#versions.set(transitionId, version);
    if (version === 0) this.#plainUntil = Infinity;
    this.#later(() => this.#call.group.ready(this.userId, transitionId));
  }

  executeTransition(transitionId: number): void {
    const version = this.#versions.get(transitionId);
    this.#versions.delete(transitionId);
    if (version === 0) return;
    const now = performance.now();
    this.#settledAt = Math.min(this.#settledAt, now);
    this.#plainUntil = Math.min(this.#plainUntil, now + IN_FLIGHT_MS);
  }

  prepareEpoch(_version: number, epoch: number): void {
    if (epoch === NEW_GROUP) this.#startOver();
  }

  dispose(): void {
    this.#disposed = true;
    this.#dropHeldCommit();
    this.#session?.reset();
    this.#session = null;
  }

  /** A new local group, and the key package by which others add this listener. */
  #startOver(): void {
    this.#dropHeldCommit();
    if (this.#session) this.#session.reinit(1, this.userId, this.#channelId);
    else this.#session = new DAVESession(1, this.userId, this.#channelId);
    const keyPackage = this.#session.getSerializedKeyPackage();
    this.#later(() => this.#call.group.keyPackage(this.userId, keyPackage));
  }

  #follow(transitionId: number, apply: (session: DAVESession) => void): void {
    this.#dropHeldCommit();
    if (!this.#session) return;
    try {
      apply(this.#session);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#later(() => this.#call.group.invalid(this.userId));
      this.#startOver();
      return;
    }
    this.#later(() => this.#call.group.ready(this.userId, transitionId));
  }

  /** Answers come after the message that asked has reached everyone, as over a network. */
  #later(answer: () => void): void {
    queueMicrotask(() => {
      if (!this.#disposed) answer();
    });
  }

  #dropHeldCommit(): void {
    if (this.#heldCommit) clearTimeout(this.#heldCommit);
    this.#heldCommit = null;
  }
}
