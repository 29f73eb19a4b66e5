import { spokenName } from './announcement.ts';
import { cleanCharacters } from './characters.ts';
import { loneMarks } from './lone-marks.ts';
import { stickerWords } from './name-words.ts';
import { list, phrase } from './phrases.ts';
import { withoutDrawings } from './drawings.ts';
import { Prose } from './prose.ts';
import { Renderer } from './render.ts';
import type { SpeakingRules } from './rules.ts';
import { scan } from './scan.ts';
import type { AttachmentKind, Written } from './written.ts';

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
  #tellOwn({ content, poll, stickers, attachments }: Written): void {
    const { language } = this.#rules;
    const prose = this.#prose;
    const marks = loneMarks(content, this.#rules);
    if (marks === '') this.#render(content, prose);
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
    if (attachments.length > 0) prose.aside(list(language, this.#counted(attachments)));
    prose.stop();
  }

  #counted(attachments: readonly AttachmentKind[]): string[] {
    const counts = new Map<AttachmentKind, number>();
    for (const kind of attachments) counts.set(kind, (counts.get(kind) ?? 0) + 1);
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

  /** The words of a text with the pause at their end. */
  #sentence(text: string): string {
    const prose = new Prose(this.#rules.language);
    this.#render(text, prose);
    prose.end();
    return prose.text;
  }

  #render(content: string, prose: Prose): void {
    this.#renderer.render(scan(withoutDrawings(cleanCharacters(content))), prose);
  }
}
