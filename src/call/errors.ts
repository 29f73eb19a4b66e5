import { UserError } from '../errors.ts';

/**
 * The steps of getting into a voice channel, in order: Discord names the voice server (`signalling`), its socket opens
 * (`connecting`), the own address is found (`udp`), the keys come (`session`), and the bot joins the call's encryption
 * group (`encryption`).
 */
export type CallPhase = 'signalling' | 'connecting' | 'udp' | 'session' | 'encryption';

/**
 * Why a link to a voice channel ended: a phase in which it got no further, or
 *
 * - `kicked`: somebody disconnected the bot; `left`: the bot left on purpose
 * - `closed`: the voice gateway closed the connection, and no re-join has helped
 * - `outdated`: Discord demands an end-to-end encryption that this version lacks
 * - `gone`: the channel or the call is no more; `limited`: Discord allows no more joins for now
 *
 * `unheard` is no end: speech does not reach Discord for a while, and the link waits for a new path.
 */
export type CallEnd = CallPhase | 'unheard' | 'kicked' | 'closed' | 'outdated' | 'gone' | 'limited' | 'left';

/** The bot could not get into a voice channel, or has lost it for good. People may be shown the text of this error. */
export class CallError extends UserError {
  readonly end: CallEnd;
  /** The code with which the voice gateway closed, if it did. */
  readonly code: number | undefined;

  constructor(end: CallEnd, code?: number) {
    super(`voice.${end}`);
    this.end = end;
    this.code = code;
  }
}
