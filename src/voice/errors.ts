import { UserError } from '../errors.ts';

/** The steps of getting into a voice channel, in order. */
export type VoicePhase = 'signalling' | 'connecting' | 'udp' | 'session' | 'encryption';

/** Why a voice link failed or ended; `message` may be shown to users. */
export type VoiceEnd = VoicePhase | 'kicked' | 'closed' | 'outdated' | 'gone' | 'limited' | 'left';

const TEXTS: Record<VoiceEnd, string> = {
  signalling:
    "Discord didn't let me into the voice channel (phase: signalling). Check that I may view it and connect, and that it isn't full, then try again.",
  connecting:
    "I couldn't reach Discord's voice server (phase: connecting). Please try again in a minute, or pick another region for the channel.",
  udp: "I couldn't exchange voice data with Discord (phase: UDP). Whoever runs me should allow outgoing UDP traffic.",
  session:
    "Discord's voice server stopped answering while I joined (phase: session). Please try again in a minute.",
  encryption:
    "I'm in the voice channel, but couldn't join its end-to-end encryption (phase: encryption), so nobody would hear me. Please use `/join` again.",
  kicked: 'I was disconnected from the voice channel. Use `/join` to bring me back.',
  closed:
    'Discord closed my voice connection again and again, so I left. Please use `/join` again in a minute.',
  outdated:
    'Discord wants a newer version of its voice encryption than I have. Whoever runs me should update me.',
  limited: 'Discord asks me to wait before I join again. Please try in ten minutes.',
  left: 'I was sent away before I was in the voice channel.',
  gone: 'The voice channel is gone or no longer open to me.',
};

/** A voice link that could not be made, or was lost for good. */
export class VoiceError extends UserError {
  readonly end: VoiceEnd;
  /** Close code of the voice gateway, where there was one. */
  readonly code: number | undefined;

  constructor(end: VoiceEnd, code?: number) {
    super(TEXTS[end]);
    this.end = end;
    this.code = code;
  }
}
