import { spokenName } from './announcement.ts';
import { withCodeOnce } from './code-mentions.ts';
import { emojiName } from './emoji.ts';
import { isKeycap, lettersOf } from './emoji-letters.ts';
import { channelOfLink, siteOf } from './links.ts';
import { withLongCodes } from './long-codes.ts';
import { Moments } from './moments.ts';
import { joinedWords } from './name-words.ts';
import { phrase } from './phrases.ts';
import type { Prose } from './prose.ts';
import { withoutRows } from './repetition.ts';
import type { SpeakingRules } from './rules.ts';
import { PAUSE, withoutSilentSigns } from './signs.ts';
import type { Token } from './token.ts';

// Makes the words that are said of the pieces of a message (`token.ts`): a name for a mention, "link to youtube" for a
// link. To change how one kind of piece is said, look here; `scan.ts` finds the pieces.

/** How many emoji in a row are said at most. */
const MAX_EMOJI_IN_A_ROW = 3;

/**
 * Rendering stops when the words have this many UTF-16 units, and at least twice as many as the bytes that may be said:
 * the rest would be cut off anyway. Messages are shorter, but their emoji may have long names.
 */
const ENOUGH = 8_000;

/** How many UTF-16 units of a text are enough for all that may be said of it. */
export function enoughFor({ maxBytes }: Pick<SpeakingRules, 'maxBytes'>): number {
  return Math.max(ENOUGH, 2 * maxBytes);
}

/** A word that has letters or digits at both ends, so that the spaces beside it are right as they are written. */
const ENDS_IN_LETTERS = /^[\p{L}\p{N}](?:.*[\p{L}\p{M}\p{N}])?$/u;

/** Makes words of the tokens of messages. */
export class Renderer {
  readonly #rules: SpeakingRules;
  readonly #moments: Moments;
  /** The inserted words that came last, if only spaces came since. They are not said twice in a row. */
  #said = '';
  #emoji = new Set<string>();
  /** The spoken names of people, by user id. */
  readonly #people = new Map<string, string>();

  constructor(rules: SpeakingRules) {
    this.#rules = rules;
    this.#moments = new Moments(rules);
  }

  /** Writes the words of the tokens into `prose`. */
  render(tokens: readonly Token[], prose: Prose): void {
    this.#said = '';
    this.#emoji.clear();
    const enough = enoughFor(this.#rules);
    for (const token of withCodeOnce(tokens, this.#rules.language)) {
      if (prose.text.length > enough) return;
      this.#say(token, prose);
    }
  }

  #say(token: Token, prose: Prose): void {
    const { dictionary, language, names } = this.#rules;
    switch (token.kind) {
      case 'text':
        return this.#write(token.text, prose);
      case 'marks':
        return this.#write(token.sign.repeat(token.left), prose);
      case 'break':
        return prose.stop();
      case 'emoji':
        if (dictionary.has(token.written ?? '')) return this.#writeEntry(token.written ?? '', prose);
        return this.#sayUnicode(token.emoji, prose);
      case 'custom-emoji':
        return this.#sayEmoji(() => this.#customEmojiWords(token.name), prose);
      case 'face':
        return dictionary.has(token.face) ? this.#writeEntry(token.face, prose) : prose.leaveOut();
      case 'user':
        return this.#insert(this.#personWords(token.id), prose);
      case 'role':
        return this.#insert(joinedWords(names.role(token.id)) ?? phrase(language, 'role'), prose);
      case 'channel':
        return this.#insert(joinedWords(names.channel(token.id)) ?? phrase(language, 'channel'), prose);
      case 'guide':
        return this.#insert(phrase(language, 'channel'), prose);
      case 'command':
        return this.#insert(phrase(language, 'command', { name: joinedWords(token.name) ?? '' }), prose);
      case 'time':
        return this.#insert(this.#moments.words(token.seconds, token.style), prose);
      case 'link':
        return this.#sayLink(token.url, prose);
      case 'code':
      case 'spoiler':
      case 'everyone':
      case 'here':
        return this.#insert(phrase(language, token.kind), prose);
    }
  }

  #write(written: string, prose: Prose): void {
    for (const part of withLongCodes(written)) {
      if ('code' in part) {
        this.#insert(phrase(this.#rules.language, part.code), prose);
        continue;
      }
      for (const { text, isWord } of this.#rules.dictionary.signedParts(part.words)) {
        if (isWord) this.#writeEntry(text, prose);
        else this.#writeWords(text, prose);
      }
    }
  }

  /**
   * Writes a word of the dictionary, which is applied later, with all its signs. Signs alone stand apart from words.
   */
  #writeEntry(word: string, prose: Prose): void {
    if (ENDS_IN_LETTERS.test(word)) prose.write(word);
    else prose.apart(word);
    this.#said = '';
    this.#emoji.clear();
  }

  #writeWords(written: string, prose: Prose): void {
    const parts = withoutSilentSigns(withoutRows(written)).split(PAUSE);
    for (const [index, words] of parts.entries()) {
      if (index > 0) prose.comma();
      prose.write(words);
    }
    if (parts.every(words => words.trim() === '')) return;
    this.#said = '';
    this.#emoji.clear();
  }

  #insert(words: string, prose: Prose): void {
    this.#emoji.clear();
    if (words !== this.#said) prose.insert(words);
    this.#said = words;
  }

  #sayLink(url: string, prose: Prose): void {
    const { language, links } = this.#rules;
    if (links === 'skip') return prose.leaveOut();
    this.#insert(links === 'word' ? phrase(language, 'link') : this.#linkWords(url), prose);
  }

  #sayUnicode(emoji: string, prose: Prose): void {
    const letters = this.#rules.dictionary.has(emoji) ? undefined : lettersOf(emoji);
    if (letters === undefined) return this.#sayEmoji(() => this.#emojiWords(emoji), prose);
    const numbersLine = prose.isAtStart && isKeycap(emoji);
    prose.write(letters);
    this.#said = '';
    this.#emoji.clear();
    if (numbersLine) prose.commaForSpace();
  }

  #sayEmoji(wordsOf: () => string, prose: Prose): void {
    if (this.#rules.emoji === 'skip') return prose.leaveOut();
    const words = wordsOf();
    if (words === '') return prose.leaveOut();
    this.#said = '';
    if (this.#emoji.size >= MAX_EMOJI_IN_A_ROW) return;
    if (!this.#emoji.has(words)) {
      prose.comma();
      if (this.#rules.dictionary.has(words)) prose.apart(words);
      else prose.write(words);
      prose.comma();
    }
    this.#emoji.add(words);
  }

  /** The name of an emoji; the emoji itself if the guild's dictionary has it, since that is applied later. */
  #emojiWords(emoji: string): string {
    const { dictionary, language } = this.#rules;
    return dictionary.has(emoji) ? emoji : emojiName(emoji, language);
  }

  /** The name of a custom emoji in words; as it is written if the guild's dictionary has it, as of an emoji. */
  #customEmojiWords(name: string): string {
    const written = [`:${name}:`, name].find(word => this.#rules.dictionary.has(word));
    return written ?? joinedWords(name) ?? '';
  }

  #personWords(id: string): string {
    const { language, names } = this.#rules;
    const words = this.#people.get(id) ?? spokenName(names.user(id) ?? '', language);
    this.#people.set(id, words);
    return words;
  }

  #linkWords(url: string): string {
    const { language, names } = this.#rules;
    const id = channelOfLink(url);
    const channel = id === undefined ? undefined : joinedWords(names.channel(id));
    if (channel !== undefined) return phrase(language, 'link-to', { site: channel });
    const site = siteOf(url);
    return site === undefined ? phrase(language, 'link') : phrase(language, 'link-to', { site });
  }
}
