import { focusedIn, leadTo } from './focus.ts';

type Attribute = string | number | boolean | null | undefined;
type Handlers = Readonly<Record<string, (event: Event) => unknown>>;
type Child = Node | string | null | false;

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an element. `true` sets an attribute without a value; `false`, `null` and `undefined` leave it out. Texts
 * become text nodes, so that nothing that somebody wrote is ever taken as HTML.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, Attribute>> = {},
  children: readonly Child[] = [],
  handlers: Handlers = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  dress(made, attributes, children, handlers);
  return made;
}

/** Makes an element of a drawing. */
export function drawn(
  name: string,
  attributes: Readonly<Record<string, Attribute>> = {},
  children: readonly Child[] = [],
): SVGElement {
  const made = document.createElementNS(SVG, name);
  dress(made, attributes, children, {});
  return made;
}

function dress(
  made: Element,
  attributes: Readonly<Record<string, Attribute>>,
  children: readonly Child[],
  handlers: Handlers,
): void {
  for (const [name, value] of Object.entries(attributes))
    if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, String(value));
  made.append(...children.filter(child => child !== null && child !== false));
  for (const [name, handler] of Object.entries(handlers)) made.addEventListener(name, handler);
}

/** The element of the page with that id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element "${id}"`);
  return found;
}

/** Puts other children into a place. Whoever is at a control there by keyboard stays at it. */
export function refill(place: Element, children: readonly Child[]): void {
  const control = focusedIn(place);
  place.replaceChildren(...children.filter(child => child !== null && child !== false));
  if (control) leadTo(control);
}

/** Tells people who use a screen reader. */
export function announce(words: string): void {
  byId('announcer').textContent = words;
}

let troubleEnds: ReturnType<typeof setTimeout> | undefined;
const TROUBLE_MS = 8_000;

/**
 * Tells everybody that something could not be done; in the form that is open, as nobody sees or hears what is behind.
 */
export function tellTrouble(words: string): void {
  const places = document.querySelectorAll('.trouble');
  const inForm = document.querySelector('dialog[open] .trouble');
  for (const place of places) place.textContent = place === (inForm ?? places[0]) ? words : '';
  clearTimeout(troubleEnds);
  troubleEnds = setTimeout(() => {
    for (const place of places) place.textContent = '';
  }, TROUBLE_MS);
}
