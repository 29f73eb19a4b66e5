import { element } from './dom.ts';

export interface Item {
  readonly name: string;
  readonly about: string;
  readonly value: string | number;
}

interface ComboboxOptions {
  /** What a screen reader calls the list. */
  readonly label: string;
  /** Finds what may be chosen for what is typed; none closes the list. */
  readonly find: (typed: string) => Promise<readonly Item[]>;
  readonly pick: (item: Item) => void;
  /** The first is chosen at once, so that Enter takes it. */
  readonly first?: boolean;
}

const PAUSE_MS = 150;
let ids = 0;

/**
 * Gives an input a list of suggestions, by the pattern that screen readers know (WAI-ARIA, "Combobox"): arrows choose,
 * Enter and Tab take, Escape closes. Returns the list, to be put behind the input.
 */
export function combobox(
  input: HTMLInputElement,
  { label, find, pick, first = false }: ComboboxOptions,
): HTMLElement {
  ids += 1;
  const id = `list-${ids}`;
  const list = element('ul', {
    id,
    role: 'listbox',
    'aria-label': label,
    class: 'suggestions',
    hidden: true,
  });
  let items: readonly Item[] = [];
  let at = -1;
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', id);
  input.setAttribute('aria-expanded', 'false');
  input.autocomplete = 'off';

  const close = () => {
    asked += 1;
    clearTimeout(timer);
    show([]);
  };
  const take = (index: number) => {
    const item = items[index];
    close();
    if (item) pick(item);
  };
  const point = (to: number) => {
    at = to;
    for (const [index, option] of [...list.children].entries()) {
      option.setAttribute('aria-selected', String(index === at));
      if (index === at) option.scrollIntoView({ block: 'nearest' });
    }
    if (at < 0) input.removeAttribute('aria-activedescendant');
    else input.setAttribute('aria-activedescendant', `${id}-${at}`);
  };
  const show = (found: readonly Item[]) => {
    items = found;
    list.hidden = found.length === 0;
    input.setAttribute('aria-expanded', String(found.length > 0));
    list.replaceChildren(
      ...found.map(({ name, about }, index) =>
        element(
          'li',
          { role: 'option', id: `${id}-${index}`, 'aria-selected': 'false' },
          [element('span', {}, [name]), about !== '' && element('span', { class: 'note' }, [` ${about}`])],
          {
            mousedown: event => {
              event.preventDefault(); // the input keeps the focus
              take(index);
            },
          },
        ),
      ),
    );
    point(first && found.length > 0 ? 0 : -1);
  };
  const look = async () => {
    asked += 1;
    const mine = asked;
    const found = await find(input.value);
    if (mine === asked && document.activeElement === input) show(found);
  };

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), PAUSE_MS);
  });
  input.addEventListener('focus', () => void look());
  input.addEventListener('blur', close);
  input.addEventListener('keydown', event => {
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const from = at < 0 && step < 0 ? 0 : at;
      point((from + step + items.length) % items.length);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    } else if ((event.key === 'Enter' || event.key === 'Tab') && at >= 0) {
      event.preventDefault();
      take(at);
    }
  });
  return list;
}
