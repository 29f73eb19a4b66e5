// Where the keyboard is. Whoever uses the page by keyboard stays at their control while the page is drawn anew,
// although its element is then another one.

/**
 * A control, by what outlasts its element: its `data-key`, and the id of the message that it is in, if it is in one.
 */
export interface Control {
  readonly key: string;
  readonly messageId: string | null;
}

/** The control at which somebody was, whose message is not drawn again yet. */
let sought: Control | null = null;

const messageIdOf = (one: Element) => one.closest('[data-id]')?.getAttribute('data-id') ?? null;

/** The control of a place at which somebody is by keyboard; null for none. */
export function focusedIn(place: Element): Control | null {
  const active = document.activeElement;
  const key = active && place.contains(active) ? active.getAttribute('data-key') : null;
  return active && key !== null ? { key, messageId: messageIdOf(active) } : null;
}

/** Whether the keyboard is at no control: the one where it was is gone. */
export function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/**
 * Leads the keyboard to a control; where its message has it no more, to the first control that it has now. Returns
 * false if there is none. Where the message is still to be drawn, `leadToSought` does it then.
 */
export function leadTo(control: Control): boolean {
  const controls = [...document.querySelectorAll<HTMLElement>('[data-key]')].filter(
    one => messageIdOf(one) === control.messageId,
  );
  const others = control.messageId === null ? [] : controls.filter(one => one.closest('.body'));
  const found = [...controls.filter(one => one.dataset['key'] === control.key), ...others].some(one => {
    one.focus(); // one that is disabled or hidden does not take it
    return document.activeElement === one;
  });
  sought = found || controls.length > 0 ? null : control;
  return found;
}

/** Leads the keyboard where it was, once that is drawn again; but not if somebody has gone elsewhere meanwhile. */
export function leadToSought(): void {
  if (sought && isLost()) leadTo(sought);
}
