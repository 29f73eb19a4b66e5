import type { FishError, FishErrorKind } from './errors.ts';

/**
 * What is wrong, as people can be told. `key`: Fish Audio refuses it; `credit`: none is left; `busy`: too many ask;
 * `trouble`: Fish is not well; `silent`: it does not answer; `refused`: it does not want what is asked; `no-audio`: it
 * says nothing; `unknown-voice`.
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

/** The one table from failures to what people are told of them. */
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

/** What whoever runs the bot can do. */
const REMEDIES: Partial<Record<FishErrorKind, string>> = {
  unauthorized: 'check FISH_API_KEY',
  forbidden: 'check what FISH_API_KEY may do',
  payment: 'top up the API credit, or set FISH_MODEL=s2.1-pro-free',
  'not-found': 'check FISH_API_URL and FISH_MODEL',
};

/** A failure in words for whoever runs the bot, with what to do where something can be done. */
export function wordsFor({ kind, message }: Pick<FishError, 'kind' | 'message'>): string {
  const remedy = REMEDIES[kind];
  return remedy === undefined ? message : `${message}: ${remedy}`;
}

/** Fish's own name of what went wrong, and the id under which its support finds that; '' where it told neither. */
export function supportDetails({ code, traceId }: Partial<Pick<FishError, 'code' | 'traceId'>>): string {
  return [code, traceId].filter(each => each !== undefined).join(', ');
}

export function troubleOf({
  kind,
  unknownVoice,
  retryable,
  notAsked,
}: Pick<FishError, 'kind' | 'unknownVoice' | 'retryable' | 'notAsked'>): FishTrouble {
  if (unknownVoice) return 'unknown-voice';
  // Fish gave up, and the same may go well another time, or Fish was not asked: nothing is wrong with the words.
  if (kind === 'rejected' && (retryable || notAsked)) return 'trouble';
  return kind === 'no-audio' && notAsked ? 'trouble' : BY_KIND[kind];
}
