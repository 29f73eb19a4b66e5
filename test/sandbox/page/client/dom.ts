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

/**
 * Puts other children into a place. Whoever is at a control there by keyboard stays at the control with the same
 * `data-key`.
 */
export function refill(place: Element, children: readonly Child[]): void {
  const active = document.activeElement;
  const key = active && place.contains(active) ? active.getAttribute('data-key') : null;
  place.replaceChildren(...children.filter(child => child !== null && child !== false));
  if (key === null) return;
  const again = [...place.querySelectorAll<HTMLElement>('[data-key]')].find(
    one => one.dataset['key'] === key,
  );
  again?.focus();
}

/** Tells people who use a screen reader. */
export function announce(words: string): void {
  byId('announcer').textContent = words;
}

let troubleEnds: ReturnType<typeof setTimeout> | undefined;
const TROUBLE_MS = 8_000;

/** Tells everybody that something could not be done. */
export function tellTrouble(words: string): void {
  const place = byId('trouble');
  place.textContent = words;
  clearTimeout(troubleEnds);
  troubleEnds = setTimeout(() => {
    place.textContent = '';
  }, TROUBLE_MS);
}
