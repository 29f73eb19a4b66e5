import { COMPONENT } from '../../discord/component.ts';
import { isRecord, type JsonObject, recordsOf, textOf } from '../../discord/json.ts';
import { element } from './dom.ts';
import type { Store } from './store.ts';

interface SelectOptions {
  readonly store: Store;
  /** What a screen reader calls it. */
  readonly label: string;
  /** Takes what was chosen, as it is chosen; without it, a form reads the values in the end. */
  readonly commit?: (chosen: string[]) => void;
}

interface Offer {
  readonly value: string;
  readonly label: string;
  readonly chosen: boolean;
}

/**
 * A select of Discord's: one of several as the browser's own list, several as boxes to tick. `data-field` names it
 * for forms, which read it by `chosenIn`.
 */
export function selectView(select: JsonObject, { store, label, commit }: SelectOptions): HTMLElement {
  const id = textOf(select['custom_id']);
  const offers = offersOf(select, store);
  const most = typeof select['max_values'] === 'number' ? select['max_values'] : 1;
  const disabled = select['disabled'] === true;
  if (most > 1) return severalView({ id, offers, label, disabled, commit });
  const least = select['min_values'] ?? 1;
  const mayBeEmpty = least === 0 || select['required'] === false;
  const chosen = offers.some(one => one.chosen);
  const list = element(
    'select',
    { 'aria-label': label, disabled, 'data-key': `choose ${id}`, 'data-field': id },
    [
      (mayBeEmpty || !chosen) &&
        element('option', { value: '', selected: !chosen, disabled: !mayBeEmpty }, [
          chosen || mayBeEmpty ? '(none)' : textOf(select['placeholder']) || label,
        ]),
      ...offers.map(({ value, label, chosen }) => element('option', { value, selected: chosen }, [label])),
    ],
  );
  if (commit) list.addEventListener('change', () => commit(list.value === '' ? [] : [list.value]));
  return list;
}

function severalView({
  id,
  offers,
  label,
  disabled,
  commit,
}: {
  id: string;
  offers: readonly Offer[];
  label: string;
  disabled: boolean;
  commit: ((chosen: string[]) => void) | undefined;
}): HTMLElement {
  const boxes = offers.map(({ value, label, chosen }) =>
    element('label', { class: 'tick' }, [
      element('input', {
        type: 'checkbox',
        value,
        checked: chosen,
        disabled,
        'data-key': `tick ${id} ${value}`,
      }),
      label,
    ]),
  );
  const fields = element('fieldset', { 'data-field': id, 'data-several': true, class: 'several' }, [
    element('legend', { class: commit ? 'unseen' : null }, [label]),
    ...boxes,
  ]);
  if (!commit) return fields;
  const chosen = offers.filter(one => one.chosen).map(one => one.label);
  const apply = element(
    'button',
    { type: 'button', class: 'button primary', disabled, 'data-key': `apply ${id}` },
    ['Apply'],
    { click: () => commit(ticked(fields)) },
  );
  return element('details', { class: 'choice' }, [
    element('summary', { 'data-key': `open ${id}` }, [
      `${label}: ${chosen.length > 0 ? chosen.join(', ') : 'none'}`,
    ]),
    fields,
    apply,
  ]);
}

/** The values of the boxes that are ticked. */
export function ticked(place: Element): string[] {
  return [...place.querySelectorAll<HTMLInputElement>('input:checked')].map(({ value }) => value);
}

function offersOf(select: JsonObject, { place }: Store): Offer[] {
  const { type } = select;
  if (type === COMPONENT.stringSelect)
    return recordsOf(select['options']).map(option => {
      const emoji = isRecord(option['emoji']) ? `${textOf(option['emoji']['name'])} ` : '';
      const about = textOf(option['description']);
      const label = `${emoji}${textOf(option['label'])}${about === '' ? '' : ` – ${about}`}`;
      return { value: textOf(option['value']), label, chosen: option['default'] === true };
    });
  const preset = recordsOf(select['default_values']).map(({ id }) => id);
  const types = Array.isArray(select['channel_types']) ? select['channel_types'] : [];
  const channels = (place?.channels ?? []).filter(({ type }) => types.length === 0 || types.includes(type));
  const people = place?.people ?? [];
  const roles = place?.roles ?? [];
  const named =
    type === COMPONENT.userSelect
      ? people
      : type === COMPONENT.roleSelect
        ? roles
        : type === COMPONENT.channelSelect
          ? channels
          : [...people, ...roles];
  return named.map(({ id, name }) => ({ value: id, label: name, chosen: preset.includes(id) }));
}
