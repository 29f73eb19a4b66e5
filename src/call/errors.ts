import { UserError } from '../errors.ts';

/** The steps of getting into a voice channel, in order. */
export type CallPhase = 'signalling' | 'connecting' | 'udp' | 'session' | 'encryption';

/** Why a voice link failed or ended, or (`unheard`) waits. */
export type CallEnd = CallPhase | 'unheard' | 'kicked' | 'closed' | 'outdated' | 'gone' | 'limited' | 'left';

/** A voice link that could not be made, or was lost for good. */
export class CallError extends UserError {
  readonly end: CallEnd;
  /** Close code of the voice gateway, where there was one. */
  readonly code: number | undefined;

  constructor(end: CallEnd, code?: number) {
    super(`voice.${end}`);
    this.end = end;
    this.code = code;
  }
}
