import { compileDictionary } from '../../src/text/dictionary.ts';
import type { Language } from '../../src/text/language.ts';
import type { SpeakingRules } from '../../src/text/speakable.ts';

/** What golden cases may have otherwise than `goldenRules`. */
export interface GivenRules extends Partial<Omit<SpeakingRules, 'dictionary' | 'names'>> {
  readonly words?: Readonly<Record<string, string>>;
}

const USERS = new Map([
  ['100000000000000001', 'Ana'],
  ['100000000000000002', '✨ [Zoë] ✨'],
  ['100000000000000003', '<|speaker:1|>'],
  ['100000000000000004', 'さくら'],
]);
const ROLES = new Map([['200000000000000001', 'Game-Masters']]);
const CHANNELS = new Map([
  ['300000000000000001', '💬│general-chat'],
  ['300000000000000002', '雑談'],
]);

/** The rules of a server with a few people, roles and channels, at noon of 1 March 2026 in UTC. */
export function goldenRules(language: Language, { words = {}, ...given }: GivenRules = {}): SpeakingRules {
  return {
    language,
    names: {
      user: id => USERS.get(id),
      role: id => ROLES.get(id),
      channel: id => CHANNELS.get(id),
    },
    emoji: 'name',
    links: 'site',
    tags: false,
    dictionary: compileDictionary(new Map(Object.entries(words))),
    maxBytes: 1_000,
    maxSeconds: 60,
    speed: 1,
    now: Date.UTC(2026, 2, 1, 12),
    ...given,
  };
}
