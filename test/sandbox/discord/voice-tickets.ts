import { randomBytes } from 'node:crypto';
import type { Ticket } from './voice-api.ts';
import { Close, ProtocolViolation } from './voice-codes.ts';

const TOKEN_BYTES = 12;

/** What a client says of itself in Identify; in Resume without the user. */
export interface Claim {
  readonly guildId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly token: string;
}

/** Who may identify in which guild, and with which token. */
export class Tickets {
  readonly #tickets = new Map<string, { ticket: Ticket; token: string }>();
  readonly #guilds = new Set<string>();
  /** Tokens that were good once: they mean an old session (4006), not a forged one (4004). */
  readonly #retired = new Set<string>();

  /** Returns the token of a new ticket; an older ticket of that user in that guild is void. */
  admit(ticket: Ticket): string {
    this.revoke(ticket.guildId, ticket.userId);
    const token = randomBytes(TOKEN_BYTES).toString('hex');
    this.#guilds.add(ticket.guildId);
    this.#tickets.set(`${ticket.guildId}/${ticket.userId}`, { ticket: { ...ticket }, token });
    return token;
  }

  revoke(guildId: string, userId: string): void {
    const key = `${guildId}/${userId}`;
    const old = this.#tickets.get(key);
    if (old) this.#retired.add(old.token);
    this.#tickets.delete(key);
  }

  /** The ticket that backs a claim. Throws 4011 unknown guild, 4006 old or foreign session, 4004 wrong token. */
  check(claim: Claim): Ticket {
    if (!this.#guilds.has(claim.guildId))
      throw new ProtocolViolation(Close.serverNotFound, 'No such server here');
    const found = this.#tickets.get(`${claim.guildId}/${claim.userId}`);
    if (!found || this.#retired.has(claim.token) || found.ticket.sessionId !== claim.sessionId)
      throw new ProtocolViolation(Close.sessionInvalid, 'Session is no longer valid.');
    if (found.token !== claim.token)
      throw new ProtocolViolation(Close.authenticationFailed, 'Authentication failed.');
    return found.ticket;
  }
}
