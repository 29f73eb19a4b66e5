import { isEphemeral, type Message } from '../discord/message.ts';
import { keepNewest } from '../keep-newest.ts';
import type { Servers } from '../world.ts';
import type { PageMessage, ToPage } from './protocol.ts';
import { messageView, reactionsOf } from './view.ts';

/** How many messages a page is told of when it opens. */
const KEPT = 200;
/** How many uses of commands and buttons have their names kept. */
const NAMES_KEPT = 500;

/** The messages that pages show, with those that one person alone sees; the oldest go first. */
export class Transcript {
  readonly #messages = new Map<string, Message>();
  readonly #names = new Map<string, string>();
  readonly #world: Servers;

  /** Begins to listen; `tell` tells the pages. */
  constructor(world: Servers, tell: (message: ToPage) => void) {
    this.#world = world;
    const { happenings } = world.discord;
    happenings.on('message', message => {
      this.#messages.set(message.id, message);
      keepNewest(this.#messages, KEPT);
      tell({ kind: 'message', message: this.#view(message) });
    });
    happenings.on('gone', ids => {
      for (const id of ids) this.#messages.delete(id);
      tell({ kind: 'gone', ids });
    });
  }

  get(id: string): Message | undefined {
    return this.#messages.get(id);
  }

  /** What the use of a command or button is called in its answers. */
  name(useId: string, what: string): void {
    this.#names.set(useId, what);
    keepNewest(this.#names, NAMES_KEPT);
  }

  all(): PageMessage[] {
    return [...this.#messages.values()].map(message => this.#view(message));
  }

  /** Forgets what was written until now for one person alone; nobody deletes it. */
  forgetWhispers(): void {
    for (const [id, message] of this.#messages) if (isEphemeral(message)) this.#messages.delete(id);
  }

  #view(message: Message): PageMessage {
    return messageView(message, this.#names, reactionsOf(this.#world, message));
  }

  /** A file of a message, by its id. */
  file(id: string): Message['files'][number] | undefined {
    return [...this.#messages.values()].flatMap(({ files }) => files).find(file => file.id === id);
  }
}
