import { spokenName } from './announcement.ts';
import { cleanCharacters } from './characters.ts';
import { withoutDrawings } from './drawings.ts';
import { loneMarks } from './lone-marks.ts';
import { stickerWords } from './name-words.ts';
import { list, phrase } from './phrases.ts';
import { Prose } from './prose.ts';
import { enoughFor, Renderer } from './render.ts';
import type { SpeakingRules } from './rules.ts';
import { scan } from './scan.ts';
import { withoutHidden } from './spoilers.ts';
import type { Token } from './token.ts';
import type { AttachmentKind, Written, WrittenEmbed, WrittenFile } from './written.ts';

// Puts what is said of a whole message in order: its reply, its words, a poll, stickers, files. `render.ts` makes words
// of the text of each part.

/** How many described files are told one by one, and how many UTF-16 units of a description. The others are counted. */
const DESCRIBED_FILES = 4;
const DESCRIPTION_LENGTH = 300;
/** How many cards of a bot's message are told, and how many fields and UTF-16 units of each. */
const EMBEDS = 3;
const FIELDS = 6;
const EMBED_LENGTH = 1_000;
const FIELD_LENGTH = 200;

/** A message in words, with its reply, forwarded message, poll, stickers and attachments, in the order of telling. */
export function messageWords(written: Written, rules: SpeakingRules): string {
  return new Teller(rules).tell(written);
}

class Teller {
  readonly #rules: SpeakingRules;
  readonly #renderer: Renderer;
  readonly #prose: Prose;

  constructor(rules: SpeakingRules) {
    this.#rules = rules;
    this.#renderer = new Renderer(rules);
    this.#prose = new Prose(rules.language);
  }

  tell(written: Written): string {
    const { language, names } = this.#rules;
    const prose = this.#prose;
    const { replyTo, replyToId } = written;
    if (replyTo !== undefined) {
      const name = (replyToId === undefined ? undefined : names.user(replyToId)) ?? replyTo;
      prose.aside(phrase(language, 'reply-to', { name: spokenName(name, language) }));
    }
    this.#tellOwn(written);
    if (written.forwarded) {
      prose.stop();
      prose.aside(phrase(language, 'forwarded'));
      this.#tellOwn(written.forwarded);
    }
    return prose.text;
  }

  /** Tells the content, poll, stickers and attachments of a message, which may be a forwarded one. */
  #tellOwn({ content, poll, stickers, attachments, embeds = [] }: Written): void {
    const { dictionary, language } = this.#rules;
    const prose = this.#prose;
    const text = this.#cleaned(content);
    const marks = loneMarks(text, this.#rules);
    if (marks === '' || dictionary.has(text.trim())) this.#renderClean(text, prose);
    else prose.aside(marks);
    if (poll) {
      prose.stop();
      const answers = this.#listed(poll.answers);
      prose.write(phrase(language, 'poll', { question: this.#sentence(poll.question), answers }));
    }
    for (const sticker of stickers) {
      const name = stickerWords(sticker, this.#rules);
      prose.aside(name === '' ? phrase(language, 'a-sticker') : phrase(language, 'sticker', { name }));
    }
    this.#tellFiles(attachments);
    prose.stop();
    for (const embed of embeds.slice(0, EMBEDS)) this.#tellEmbed(embed);
  }

  /** Tells what files there are: those with a description one by one, and the others by their number. */
  #tellFiles(files: readonly WrittenFile[]): void {
    const { language } = this.#rules;
    const described = files
      .filter(({ description = '', spoiler = false }) => description.trim() !== '' && !spoiler)
      .slice(0, DESCRIBED_FILES);
    const others = files.filter(file => !described.includes(file));
    const [hidden, open] = [true, false].map(is => others.filter(({ spoiler = false }) => spoiler === is));
    if (open && open.length > 0) this.#prose.aside(list(language, this.#counted(open)));
    if (hidden && hidden.length > 0) {
      const text = list(language, this.#counted(hidden));
      this.#prose.aside(phrase(language, 'described', { what: phrase(language, 'spoiler'), text }));
    }
    for (const { kind, description = '' } of described) {
      const what = phrase(language, kind, { count: 1 });
      const text = this.#words(description, DESCRIPTION_LENGTH);
      this.#prose.aside(text === '' ? what : phrase(language, 'described', { what, text }));
    }
  }

  #tellEmbed({ title = '', description = '', fields = [] }: WrittenEmbed): void {
    const prose = this.#prose;
    for (const text of [title, description]) {
      this.#render(text, prose, EMBED_LENGTH);
      prose.stop();
    }
    for (const { name, value } of fields.slice(0, FIELDS)) {
      const [what, text] = [name, value].map(part => this.#words(part, FIELD_LENGTH));
      if (what && text) prose.write(phrase(this.#rules.language, 'described', { what, text }));
      else prose.write(what || text || '');
      prose.stop();
    }
  }

  #counted(files: readonly WrittenFile[]): string[] {
    const counts = new Map<AttachmentKind, number>();
    for (const { kind } of files) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return [...counts].map(([kind, count]) => phrase(this.#rules.language, kind, { count }));
  }

  #listed(texts: readonly string[]): string {
    const prose = new Prose(this.#rules.language);
    for (const text of texts) {
      this.#render(text, prose);
      prose.comma();
    }
    return prose.text;
  }

  #words(text: string, limit: number): string {
    const prose = new Prose(this.#rules.language);
    this.#render(text, prose, limit);
    return prose.text;
  }

  /** The words of a text with the pause at their end. */
  #sentence(text: string): string {
    const prose = new Prose(this.#rules.language);
    this.#render(text, prose);
    prose.end();
    return prose.text;
  }

  /** Writes the words of a text, or of its beginning: see `beginning`. */
  #render(written: string, prose: Prose, limit?: number): void {
    this.#renderClean(this.#cleaned(written), prose, limit);
  }

  /**
   * The text with clean characters and without what is hidden in it. Words of the dictionary stay as they are written.
   */
  #cleaned(written: string): string {
    const parts = this.#rules.dictionary.uncleanParts(withoutHidden(written));
    const text = parts.map(part => (part.isWord ? part.text : cleanCharacters(part.text))).join('');
    // There are single characters that become eighteen, such as U+FDFA.
    return text.slice(0, Math.max(written.length, enoughFor(this.#rules))).toWellFormed();
  }

  #renderClean(text: string, prose: Prose, limit = Number.POSITIVE_INFINITY): void {
    this.#renderer.render(beginning(scan(withoutDrawings(text)), limit), prose);
  }
}

/**
 * The first tokens of a text, whose plain text and links have `limit` UTF-16 units at most. A text is cut only when it
 * is known what is hidden in it: without its end, a spoiler would be plain text.
 */
function beginning(tokens: readonly Token[], limit: number): readonly Token[] {
  const kept: Token[] = [];
  let left = limit;
  for (const token of tokens) {
    const size = sizeOf(token);
    if (size > left) {
      if (token.kind === 'text') kept.push({ kind: 'text', text: cutAtSpace(token.text, left) });
      break;
    }
    kept.push(token);
    left -= size;
  }
  return kept;
}

function sizeOf(token: Token): number {
  if (token.kind === 'text') return token.text.length;
  return token.kind === 'link' ? token.url.length : 1;
}

/** The beginning of a text, up to the last space before its limit in UTF-16 units. */
function cutAtSpace(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const space = text.lastIndexOf(' ', limit);
  return text.slice(0, space > limit / 2 ? space : limit).toWellFormed();
}
