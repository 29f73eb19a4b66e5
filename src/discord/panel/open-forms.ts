import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Typed } from './typed.ts';

// Remembers for an hour what stands in the forms that people have opened in the settings panel. So what they typed is
// not lost when one value is wrong, and what they left as it was does not undo what others changed meanwhile.

/** How long somebody who has opened a form has to send it in, and then to try again. */
const KEPT_MS = 60 * 60_000;
/** The most forms that are remembered. Each is a few kilobytes at most. */
const MAX_FORMS = 1_000;

/** What stood in a form when it was opened, and what somebody typed into it that could not be saved. */
export interface OpenForm {
  readonly opened: Typed;
  readonly typed: Typed;
}

/**
 * The forms are remembered in memory only. Forms that were opened before a restart still work: the settings that hold
 * when such a form is sent in are taken for those with which it was opened.
 */
export class OpenForms {
  readonly #forms = new LRUCache<string, OpenForm>({ max: MAX_FORMS, ttl: KEPT_MS });

  /** Remembers a form and returns its name, which stands in the ids of the form and of its button "Try again". */
  keep(form: OpenForm): string {
    const name = randomBytes(6).toString('base64url');
    this.#forms.set(name, form);
    return name;
  }

  /** The form with this name; undefined when it is too old, or from before a restart. */
  get(name: string): OpenForm | undefined {
    return this.#forms.get(name);
  }
}
