import { compileDictionary } from '../../src/text/dictionary.ts';
import { LANGUAGES } from '../../src/text/language.ts';
import { spokenSeconds } from '../../src/text/length.ts';
import { isPronounceable } from '../../src/text/pronounceable.ts';
import { type SpeakingRules, speakable } from '../../src/text/speakable.ts';
import { tellLanguage } from '../../src/text/tell-language.ts';
import type { Random } from '../support/random.ts';
import { hostileTexts } from '../text/hostile-text.ts';
import { type FuzzTarget, holds } from './target.ts';

type TextPart = { readonly part: 'text'; readonly text: string } | RulesPart;

interface RulesPart {
  readonly part: 'rules';
  readonly language: SpeakingRules['language'];
  readonly emoji: SpeakingRules['emoji'];
  readonly links: SpeakingRules['links'];
  readonly tags: boolean;
  readonly maxBytes: number;
  readonly maxSeconds: number;
  readonly speed: number;
  readonly name: string | undefined;
  readonly words: readonly (readonly [string, string])[];
  readonly as: 'content' | 'reply' | 'poll' | 'sticker' | 'forward';
}

const PLAIN: RulesPart = {
  part: 'rules',
  language: 'en',
  emoji: 'name',
  links: 'site',
  tags: false,
  maxBytes: 1_000,
  maxSeconds: 30,
  speed: 1,
  name: 'Ana',
  words: [],
  as: 'content',
};
const FRAGMENT_LENGTH = 24;
const FRAGMENTS = [...hostileTexts(FRAGMENT_LENGTH).values()];
const MARKS = Array.from('<>|[]()*_~`#@\\:\n \u200b\u2060\u200d\ufe0f＜｜＞［］（）');
const MIDNIGHT = Date.UTC(2026, 2, 1);
/** Controls, private use, characters that turn text around, and the sign for what could not be decoded. */
const UNHEARD = /[\p{Cc}\p{Co}\u202a-\u202e\u2066-\u2069\ufffd]/u;

/** What people write, with any rules: what comes out of it goes to Fish. */
export const textTarget: FuzzTarget<TextPart> = {
  name: 'text',
  make: random => [
    ...(random.chance(0.7) ? [rulesOf(random)] : []),
    ...random.list(random.whole(1, 8), () => ({ part: 'text' as const, text: fragment(random) })),
  ],

  check(parts) {
    const rules = parts.find(part => part.part === 'rules') ?? PLAIN;
    const written = parts.flatMap(part => (part.part === 'text' ? [part.text] : [])).join('');
    const message = asWritten(rules, written);
    const { text, bytes, cut } = speakable(message, speakingRules(rules));
    holds(/^(?:[a-z]{2,3})?$/.test(tellLanguage(message) ?? ''), 'its language is a code, or cannot be told');
    holds(bytes === Buffer.byteLength(text), 'the bytes are those of the text');
    holds(bytes <= rules.maxBytes, 'within the cap of bytes');
    holds(spokenSeconds(text) <= rules.maxSeconds * rules.speed, 'within the cap of seconds');
    holds(text === text.trim(), 'no spaces at its ends');
    holds(isPronounceable(text) === (text !== ''), 'it can be heard, or is nothing');
    holds(text !== '' || !cut, 'nothing is not cut');
    holds(text.isWellFormed(), 'whole characters');
    holds(!UNHEARD.test(text), 'nothing that cannot be heard');
    const plain = text.normalize('NFKC');
    holds(!/<\s*\||\|\s*>/u.test(plain), 'nothing that directs the voice');
    holds(rules.tags || !/[[\]]/u.test(plain), 'no tags unless they are allowed');
  },

  show: parts => JSON.stringify(parts),
};

function fragment(random: Random): string {
  const kind = random.weighted({ hostile: 5, mark: 3, word: 2, any: 1 });
  if (kind === 'mark') return random.pick(MARKS);
  if (kind === 'word')
    return random.pick(['happy', 'speaker:1', 'a', '😀', '5', '草', 'ش', 'w', ' ', 'hello']);
  if (kind === 'any')
    return String.fromCodePoint(...random.list(random.whole(1, 5), () => random.whole(0, 0x10ffff)));
  const text = random.pick(FRAGMENTS);
  const from = random.chance(0.7) ? 0 : random.whole(0, text.length - 1);
  return text.slice(from, from + random.whole(1, text.length));
}

function rulesOf(random: Random): RulesPart {
  return {
    part: 'rules',
    language: random.pick(LANGUAGES),
    emoji: random.pick(['name', 'skip']),
    links: random.pick(['site', 'word', 'skip']),
    tags: random.chance(0.3),
    maxBytes: random.chance(0.5) ? random.whole(20, 60) : random.whole(20, 8_000),
    maxSeconds: random.whole(1, 120),
    speed: random.whole(50, 200) / 100,
    name: random.chance(0.2) ? undefined : fragment(random),
    words: random.list(random.pick([0, 0, 1, 3]), () => [fragment(random), fragment(random)] as const),
    as: random.weighted({ content: 6, reply: 1, poll: 1, sticker: 1, forward: 1 }),
  };
}

function asWritten({ as, name = '' }: RulesPart, content: string): Parameters<typeof speakable>[0] {
  const bare = { content: '', stickers: [], attachments: [] };
  if (as === 'content') return content;
  if (as === 'reply') return { ...bare, content, replyTo: name };
  if (as === 'poll') return { ...bare, poll: { question: content, answers: [name, content] } };
  if (as === 'sticker')
    return {
      ...bare,
      stickers: [content, name],
      attachments: [{ kind: 'image' }, { kind: 'image', description: content }],
    };
  return {
    ...bare,
    forwarded: {
      ...bare,
      content,
      attachments: [{ kind: 'voice-message' }],
      embeds: [{ title: name, description: content }],
    },
  };
}

function speakingRules({ name, words, ...rules }: RulesPart): SpeakingRules {
  const called = () => name;
  return {
    ...rules,
    names: { user: called, role: called, channel: called },
    dictionary: compileDictionary(new Map(words)),
    now: MIDNIGHT,
  };
}
