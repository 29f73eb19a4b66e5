import { byId, element } from './dom.ts';
import { icon } from './icons.ts';
import { factsOf, packetsText, summaryOf } from './line-words.ts';
import { type Names, withNames } from './mentions.ts';
import { picture } from './picture.ts';
import type { ShownLine, Store } from './store.ts';

const dirty = new Set<number>();

/** Draws all lines, the newest first. */
export function drawLines(store: Store): void {
  const lines = [...store.lines.values()].toReversed();
  const none = element('li', { class: 'note' }, ['Nothing has been said yet: write something, or use /say.']);
  byId('lines').replaceChildren(
    ...(lines.length > 0 ? lines.map(line => lineView(line, store.place)) : [none]),
  );
}

/** Draws one line soon: with the next picture of the screen. */
export function drawLineSoon(id: number, store: Store): void {
  if (dirty.size === 0) requestAnimationFrame(() => drawDirty(store));
  dirty.add(id);
}

function drawDirty(store: Store): void {
  const list = byId('lines');
  for (const id of dirty) {
    const shown = store.lines.get(id);
    const before = [...list.children].find(item => item.getAttribute('data-line') === String(id));
    if (!shown) before?.remove();
    else if (before) before.replaceWith(lineView(shown, store.place));
    else list.prepend(lineView(shown, store.place));
  }
  dirty.clear();
  for (const item of Array.from(list.children))
    if (!store.lines.has(Number(item.getAttribute('data-line')))) item.remove();
}

function lineView(shown: ShownLine, names: Names | null): HTMLElement {
  const { line, levels, beganAfterMs, played, loudest } = shown;
  const { cause } = line;
  const { lock, words, ended } = summaryOf(line);
  const facts = factsOf(line, beganAfterMs);
  const told = facts.map(({ name, value }) => `${name} ${value}`).join(', ');
  return element(
    'li',
    {
      'data-line': line.id,
      'data-over': line.over,
      'data-began-after': beganAfterMs === null ? null : Math.round(beganAfterMs),
      'data-played': played,
      'data-loudest': loudest.toFixed(2),
      class: 'line',
    },
    [
      element('p', { class: 'cause' }, [
        element('strong', {}, [cause ? cause.who : 'Parrotfish']),
        cause && ` ${withNames(cause.what, names)}`,
      ]),
      element('p', { class: 'said' }, [`“${line.text.trim()}”`]),
      picture(line, levels, `Timeline: ${told}`),
      element(
        'dl',
        { class: 'facts' },
        facts.map(({ name, value, kind }) =>
          element('div', {}, [
            element('dt', {}, [element('span', { class: `key ${kind}`, 'aria-hidden': 'true' }), name]),
            element('dd', {}, [value]),
          ]),
        ),
      ),
      element('p', { class: 'note' }, [
        element('span', { class: lock && `lock ${lock}` }, [lock && icon(lock), ` ${words}`]),
        ` · ${packetsText(line)} · ${line.bytes} bytes, $${line.usd.toFixed(6)} · ${line.voice}`,
        ended,
      ]),
    ],
  );
}
