import { DaveGroup } from './dave-group.ts';
import { DaveListener } from './dave-listener.ts';
import { TRANSITION_TIMEOUT_MS } from './dave-transitions.ts';
import type { Datagram, HeardPacket, Listener, VoiceCall, VoiceFaults } from './voice-api.ts';
import { Op } from './voice-codes.ts';
import type { VoiceSession } from './voice-session.ts';

const SILENCE = Buffer.of(0xf8, 0xff, 0xfe);
const DAVE_MARKER = Buffer.of(0xfa, 0xfa);

/** What a session knows of a datagram once its transport encryption is off. */
type OpenedDatagram = Pick<Datagram, 'userId' | 'sessionId' | 'sequence' | 'timestamp' | 'mode' | 'frame'>;

/** A voice channel as the voice server sees it: clients with a session, listeners, and their MLS group. */
export class ChannelCall implements VoiceCall {
  readonly channelId: string;
  readonly group: DaveGroup;
  readonly silenced = new Set<string>();
  swallowed = 0;
  probed = 0;
  readonly datagrams: Datagram[] = [];
  readonly speaking: { at: number; userId: string; speaking: number }[] = [];
  readonly everybody: DaveListener[] = [];
  readonly #listeners = new Map<string, DaveListener>();
  readonly #sessions = new Map<string, VoiceSession>();
  readonly #faults: VoiceFaults;
  readonly #onHeard: (packet: HeardPacket) => void;
  #rejected = 0;
  #forwarded = 0;

  /** `onHeard` is told of each packet that at least one listener could hear. */
  constructor(
    channelId: string,
    daveVersion: number,
    { faults, onHeard = () => {} }: { faults: VoiceFaults; onHeard?: (packet: HeardPacket) => void },
  ) {
    this.channelId = channelId;
    this.#onHeard = onHeard;
    this.group = new DaveGroup(channelId, daveVersion);
    this.#faults = faults;
  }

  get listeners(): ReadonlyMap<string, Listener> {
    return this.#listeners;
  }

  get clients(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  get userIds(): readonly string[] {
    return [...this.#sessions.keys(), ...this.#listeners.keys()];
  }

  get rejected(): number {
    return this.#rejected;
  }

  async addListener(userId: string): Promise<Listener> {
    if (this.userIds.includes(userId)) throw new Error(`User ${userId} is in channel ${this.channelId}`);
    this.#tellOthers(userId, Op.clientsConnect, { user_ids: [userId] });
    const listener = new DaveListener(userId, this.channelId, this);
    this.#listeners.set(userId, listener);
    this.everybody.push(listener);
    this.group.enrol(listener);
    if (this.#sessions.size > 0) await this.group.settled(userId, TRANSITION_TIMEOUT_MS);
    return listener;
  }

  async removeListener(userId: string): Promise<void> {
    const listener = this.#listeners.get(userId);
    if (!listener) return;
    this.#listeners.delete(userId);
    listener.dispose();
    this.#tellOthers(userId, Op.clientDisconnect, { user_id: userId });
    this.group.withdraw(userId);
  }

  /** A client has identified: the others learn of it, and it of the others (op 11 comes after its op 2). */
  join(session: VoiceSession): void {
    this.#tellOthers(session.userId, Op.clientsConnect, { user_ids: [session.userId] });
    const others = this.userIds;
    this.#sessions.set(session.userId, session);
    if (others.length > 0) session.outbox.json(Op.clientsConnect, { user_ids: others });
  }

  /** A client can take DAVE messages: it has op 4. */
  admitToGroup(session: VoiceSession): void {
    // In a call without end-to-end encryption there is no group to keep it from; of one that comes later it is told.
    if (!this.#faults.noDave || this.group.version === 0) this.group.enrol(session);
  }

  leave(session: VoiceSession): void {
    if (this.#sessions.get(session.userId) !== session) return;
    this.#sessions.delete(session.userId);
    this.#tellOthers(session.userId, Op.clientDisconnect, { user_id: session.userId });
    this.group.withdraw(session.userId);
  }

  /** Op 5 of a client, passed on to the other clients. */
  speak(session: VoiceSession, speaking: number): void {
    const { userId, ssrc } = session;
    this.speaking.push({ at: performance.now(), userId, speaking });
    this.#tellOthers(userId, Op.speaking, { user_id: userId, ssrc, speaking });
  }

  receive(opened: OpenedDatagram): void {
    const { frame } = opened;
    const silence = frame.equals(SILENCE);
    const encrypted = frame.subarray(-DAVE_MARKER.length).equals(DAVE_MARKER);
    const datagram: Datagram = { ...opened, at: performance.now(), silence, encrypted };
    this.datagrams.push(datagram);
    if (this.silenced.has(datagram.userId)) {
      this.swallowed += 1;
      return;
    }
    this.#forwarded++;
    const { dropEvery } = this.#faults;
    if (dropEvery && this.#forwarded % dropEvery === 0) return;
    let heard: HeardPacket | null = null;
    for (const listener of this.#listeners.values()) {
      const packet = listener.receive(datagram);
      heard ??= packet;
    }
    if (heard) this.#onHeard(heard);
  }

  forget(): void {
    this.datagrams.length = 0;
    this.speaking.length = 0;
    this.everybody.splice(0, Infinity, ...this.#listeners.values());
    for (const listener of this.#listeners.values()) listener.heard.length = 0;
  }

  reject(): void {
    this.#rejected++;
  }

  dispose(): void {
    for (const listener of this.#listeners.values()) listener.dispose();
    this.#sessions.clear();
    this.group.dispose();
  }

  #tellOthers(userId: string, op: number, d: unknown): void {
    for (const [other, session] of this.#sessions) if (other !== userId) session.outbox.json(op, d);
  }
}
