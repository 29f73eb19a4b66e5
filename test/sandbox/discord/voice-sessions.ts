import { Close } from './voice-codes.ts';
import { type SessionParts, VoiceSession } from './voice-session.ts';

/** How long a session without a socket is kept for a Resume. */
const RESUME_WITHIN_MS = 15_000;

/** The live sessions of one voice server: one a member at most. */
export class Sessions {
  /** All that there ever were. */
  readonly all: VoiceSession[] = [];
  readonly #byMember = new Map<string, VoiceSession>();
  readonly #bySsrc = new Map<number, VoiceSession>();
  readonly #expiries = new Map<VoiceSession, NodeJS.Timeout>();
  readonly #onEnd: (session: VoiceSession) => void;

  /** `onEnd` is told of each session that is over. */
  constructor(onEnd: (session: VoiceSession) => void) {
    this.#onEnd = onEnd;
  }

  of(guildId: string, userId: string): VoiceSession | undefined {
    return this.#byMember.get(`${guildId}/${userId}`);
  }

  bySsrc(ssrc: number): VoiceSession | undefined {
    return this.#bySsrc.get(ssrc);
  }

  /** The session that a Resume means: by token, as the client does not name its user. */
  resumable(guildId: string, sessionId: string, token: string): VoiceSession | undefined {
    for (const session of this.#byMember.values()) {
      const { ticket } = session;
      if (session.token === token && ticket.guildId === guildId && ticket.sessionId === sessionId)
        return session;
    }
    return undefined;
  }

  /** A new session; the member's older one ends, its socket closed with 4006. */
  open(parts: SessionParts): VoiceSession {
    const { ticket } = parts;
    const old = this.of(ticket.guildId, ticket.userId);
    if (old) this.end(old, Close.sessionInvalid);
    const session = new VoiceSession(parts);
    this.all.push(session);
    this.#byMember.set(`${ticket.guildId}/${ticket.userId}`, session);
    this.#bySsrc.set(session.ssrc, session);
    return session;
  }

  /** The session has lost its socket, and is kept for a while. */
  detach(session: VoiceSession): void {
    if (!this.#isLive(session) || this.#expiries.has(session)) return;
    session.outbox.detach();
    this.#expiries.set(
      session,
      setTimeout(() => this.end(session), RESUME_WITHIN_MS),
    );
  }

  /** The session has a socket again; the one before, if it still stands, is of no use. */
  reattach(session: VoiceSession): void {
    clearTimeout(this.#expiries.get(session));
    this.#expiries.delete(session);
    session.socket.terminate();
  }

  /** Ends a session: it leaves its call, and its socket is closed with the code if one is given. */
  end(session: VoiceSession, code?: number): void {
    if (!this.#isLive(session)) return;
    this.#byMember.delete(`${session.ticket.guildId}/${session.userId}`);
    this.#bySsrc.delete(session.ssrc);
    clearTimeout(this.#expiries.get(session));
    this.#expiries.delete(session);
    session.outbox.detach();
    if (code !== undefined) session.socket.close(code);
    session.call.leave(session);
    this.#onEnd(session);
  }

  dispose(): void {
    for (const session of this.#byMember.values()) this.end(session);
  }

  #isLive(session: VoiceSession): boolean {
    return this.#bySsrc.get(session.ssrc) === session;
  }
}
