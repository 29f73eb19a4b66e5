import type { Answer, Wish } from '../protocol.ts';
import type { Connection } from './connection.ts';
import { tellTrouble } from './dom.ts';
import type { Draft, Store } from './store.ts';

/** What every view may do: look at what the page knows, and wish for something. */
export interface Deeds {
  readonly store: Store;
  /** Resolves with the answer, or null if the wish was not granted, of which the person has then been told. */
  readonly wish: (wish: Wish) => Promise<Answer | null>;
  /** Draws everything that depends on who one is, and where. */
  readonly redraw: () => void;
  /** Leads to where one writes, to answer a message or to change it. */
  readonly write: (draft: Draft) => void;
  /** Shows the options of a command, in place of where one writes. */
  readonly use: (commandName: string) => void;
}

export function deedsOf(
  store: Store,
  connection: Pick<Connection, 'wish'>,
  views: Pick<Deeds, 'redraw' | 'write' | 'use'> & { showForm: (answer: Answer) => void },
): Deeds {
  return {
    store,
    redraw: views.redraw,
    write: views.write,
    use: views.use,
    async wish(wish) {
      try {
        const answer = await connection.wish(wish);
        if (answer.form) views.showForm(answer);
        return answer;
      } catch (error) {
        tellTrouble(error instanceof Error ? error.message : String(error));
        return null;
      }
    },
  };
}
