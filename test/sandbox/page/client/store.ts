import { keepNewest } from '../../keep-newest.ts';
import type { All, Answer, Command, Line, PageMessage, Person, Place, ToPage, Words } from '../protocol.ts';

const MESSAGES_MAX = 300;
const LINES_MAX = 20;
const LEVELS_MAX = 6_000;

/** A line, and what became of its sound in this page. */
export interface ShownLine {
  line: Line;
  /** How loud its packets are, 0 to 255. */
  readonly levels: number[];
  /** How soon after the first packet its sound began, in ms. */
  beganAfterMs: number | null;
  /** How many of its packets were decoded and played. */
  played: number;
  /** The loudest that came out of the page while it was played, 0 to 1. */
  loudest: number;
}

/** What one is about to do with a message: answer it, or change one's own. */
export interface Draft {
  readonly kind: 'reply' | 'edit';
  readonly message: PageMessage;
}

/** What the page knows. Lists have bounds: a page may be open for days. */
export class Store {
  place: Place | null = null;
  commands: readonly Command[] = [];
  readonly messages = new Map<string, PageMessage>();
  readonly lines = new Map<number, ShownLine>();
  /** Id of the person whom one is. */
  as = '';
  channelId = '';
  draft: Draft | null = null;

  get me(): Person | undefined {
    return this.place?.people.find(({ id }) => id === this.as);
  }

  /** A text of the bot in the language of the person's client. */
  said({ text, translated }: Words): string {
    return translated[this.me?.locale ?? ''] ?? text;
  }

  /** The messages of the channel that the person sees, the oldest first. */
  get shown(): PageMessage[] {
    return [...this.messages.values()].filter(message => this.sees(message));
  }

  sees({ channelId, onlyFor }: PageMessage): boolean {
    return channelId === this.channelId && (onlyFor === null || onlyFor === this.as);
  }

  take(message: Exclude<ToPage, Answer>): void {
    switch (message.kind) {
      case 'all':
        return this.#all(message);
      case 'place':
        this.place = message.place;
        return;
      case 'commands':
        this.commands = message.commands;
        return;
      case 'message':
        this.messages.set(message.message.id, message.message);
        return keepNewest(this.messages, MESSAGES_MAX);
      case 'gone':
        for (const id of message.ids) this.messages.delete(id);
        return;
      case 'line':
        return this.#line(message.line);
    }
  }

  /** A packet of a line was heard. */
  heard(line: number, level: number): void {
    const levels = this.lines.get(line)?.levels;
    if (levels && levels.length < LEVELS_MAX) levels.push(level);
  }

  #all({ place, commands, messages, lines }: All): void {
    this.place = place;
    this.commands = commands;
    this.messages.clear();
    for (const message of messages) this.messages.set(message.id, message);
    this.lines.clear();
    for (const line of lines) this.#line(line);
    const people = place.people.filter(({ bot }) => !bot);
    if (!people.some(({ id }) => id === this.as)) this.as = people[0]?.id ?? '';
    if (!place.channels.some(({ id }) => id === this.channelId)) this.channelId = place.channels[0]?.id ?? '';
  }

  #line(line: Line): void {
    const known = this.lines.get(line.id);
    if (known) known.line = line;
    else {
      const levels = [...(line.levels ?? [])];
      this.lines.set(line.id, { line, levels, beganAfterMs: null, played: 0, loudest: 0 });
    }
    keepNewest(this.lines, LINES_MAX);
  }
}
