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

export function troubleOf({ kind, unknownVoice }: Pick<FishError, 'kind' | 'unknownVoice'>): FishTrouble {
  return unknownVoice ? 'unknown-voice' : BY_KIND[kind];
}
