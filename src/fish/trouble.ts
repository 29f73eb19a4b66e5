import type { FishError, FishErrorKind } from './errors.ts';

// Says what is wrong when Fish Audio fails: one of a few words for people in Discord (the texts are in the catalogue),
// and for the person who runs the bot a sentence with what to do. `errors.ts` has the finer kinds.

/**
 * What is wrong with Fish Audio, as far as people are told: `key`: it refuses the API key; `credit`: no API credit is
 * left; `busy`: too many sessions are asked for; `trouble`: it does not work well; `silent`: it does not answer;
 * `refused`: it does not accept what is asked; `no-audio`: it sends no audio; `unknown-voice`: it does not know the
 * voice.
 */
export type FishTrouble =
  | 'key'
  | 'credit'
  | 'busy'
  | 'trouble'
  | 'silent'
  | 'refused'
  | 'no-audio'
  | 'unknown-voice';

/** What people are told for each kind of failure. */
const BY_KIND: Record<FishErrorKind, FishTrouble> = {
  unauthorized: 'key',
  forbidden: 'key',
  payment: 'credit',
  'rate-limit': 'busy',
  server: 'trouble',
  protocol: 'trouble',
  closed: 'trouble',
  network: 'silent',
  timeout: 'silent',
  request: 'refused',
  rejected: 'refused',
  'not-found': 'refused',
  'no-audio': 'no-audio',
};

/** What the person who runs the bot can do about a failure. */
const REMEDIES: Partial<Record<FishErrorKind, string>> = {
  unauthorized: 'check FISH_API_KEY, and restart',
  forbidden: 'check what FISH_API_KEY may do',
  payment: 'top up the API credit, or set FISH_MODEL=s2.1-pro-free',
  'not-found': 'check FISH_API_URL and FISH_MODEL',
};

/** What they can do where something that is no Fish Audio seems to answer. */
const STRANGER = 'check FISH_API_URL if it is set; a proxy or a log-in page of the network may have answered';

/** Describes a failure for the person who runs the bot, and adds what to do where something can be done. */
export function wordsFor({ kind, message, phase }: Pick<FishError, 'kind' | 'message' | 'phase'>): string {
  const remedy = kind === 'rejected' && phase === 'connect' ? STRANGER : REMEDIES[kind];
  return remedy === undefined ? message : `${message}: ${remedy}`;
}

/** Fish's own name of the failure, and the id by which its support finds the request; '' where Fish told neither. */
export function supportDetails({ code, traceId }: Partial<Pick<FishError, 'code' | 'traceId'>>): string {
  return [code, traceId].filter(each => each !== undefined).join(', ');
}

/** What people are told about a failure. */
export function troubleOf({
  kind,
  unknownVoice,
  retryable,
  notAsked,
  phase,
}: Pick<FishError, 'kind' | 'unknownVoice' | 'retryable' | 'notAsked' | 'phase'>): FishTrouble {
  if (unknownVoice) return 'unknown-voice';
  // Words and voice are sent in an open socket. Whoever opens none knows neither: it may be a proxy, or the log-in page
  // of a network.
  if (phase === 'connect' && BY_KIND[kind] === 'refused') return 'trouble';
  // Either the same may go well another time, or Fish was not asked; in both cases the words are not to blame.
  if (kind === 'rejected' && (retryable || notAsked)) return 'trouble';
  return kind === 'no-audio' && notAsked ? 'trouble' : BY_KIND[kind];
}
