import { COMPONENT } from '../../discord/component.ts';
import { isRecord, type JsonObject, recordsOf, textOf } from '../../discord/json.ts';
import type { SentFile, SentValue, ShownForm } from '../protocol.ts';
import { readFiles } from './chosen-files.ts';
import type { Deeds } from './deeds.ts';
import { byId, element } from './dom.ts';
import { focusedIn, isLost, leadTo } from './focus.ts';
import { markdown } from './markdown-view.ts';
import { selectView, ticked } from './select-view.ts';

const PARAGRAPH = 2;

/**
 * Shows a form (modal) of the bot over the page; it is sent in, or given up by Escape. Then the keyboard is back at the
 * control that opened it, or, where that is gone, where one writes.
 */
export function showForm({ use, data }: ShownForm, deeds: Deeds): void {
  const opener = focusedIn(document.body);
  const title = textOf(data['title']);
  const parts = recordsOf(data['components']).map(part => partView(part, deeds));
  const dialog = element('dialog', { 'aria-labelledby': 'form-title', class: 'form' });
  const cancel = element('button', { type: 'button', class: 'button secondary' }, ['Cancel'], {
    click: () => dialog.close(),
  });
  const send = element('button', { type: 'submit', class: 'button primary' }, ['Send']);
  const form = element(
    'form',
    {},
    [
      element('h2', { id: 'form-title' }, [title]),
      ...parts,
      element('p', { class: 'trouble', role: 'alert' }),
      element('div', { class: 'controls' }, [send, cancel]),
    ],
    {
      submit: event => {
        event.preventDefault();
        void valuesOf(form).then(async values => {
          const { as } = deeds.store;
          if (await deeds.wish({ do: 'submit', as, use, values })) dialog.close();
        });
      },
    },
  );
  dialog.append(form);
  dialog.addEventListener('close', () => {
    dialog.remove();
    // The browser leads back to the element that opened the form, but not to the one that was drawn in its place.
    if (isLost() && !(opener && leadTo(opener))) document.getElementById('words')?.focus();
  });
  byId('forms').append(dialog);
  dialog.showModal();
}

/** A part of a form: words, a field in a row, or a field with its label. */
function partView(part: JsonObject, deeds: Deeds): HTMLElement {
  if (part['type'] === COMPONENT.text)
    return element('div', {}, [markdown(textOf(part['content']), deeds.store.place)]);
  const field = part['type'] === COMPONENT.row ? recordsOf(part['components'])[0] : part['component'];
  if (!isRecord(field)) return element('p');
  const label = textOf(part['label']) || textOf(field['label']);
  const about = textOf(part['description']);
  const note = about !== '' && element('span', { class: 'note' }, [about]);
  const control = fieldView(field, label, deeds);
  if (control instanceof HTMLFieldSetElement) return element('div', { class: 'field' }, [control, note]);
  return element('label', { class: 'field' }, [element('span', {}, [label]), note, control]);
}

function fieldView(field: JsonObject, label: string, { store }: Deeds): HTMLElement {
  const id = textOf(field['custom_id']);
  const required = field['required'] !== false;
  const common = { 'data-field': id, required };
  switch (field['type']) {
    case COMPONENT.textInput: {
      const limits = {
        placeholder: textOf(field['placeholder']) || null,
        minlength: number(field['min_length']),
        maxlength: number(field['max_length']),
      };
      const value = textOf(field['value']);
      if (field['style'] === PARAGRAPH)
        return element('textarea', { ...common, ...limits, rows: 4 }, [value]);
      return element('input', { ...common, ...limits, type: 'text', value });
    }
    case COMPONENT.fileUpload:
      return element('input', { ...common, type: 'file', multiple: Number(field['max_values'] ?? 1) > 1 });
    case COMPONENT.checkbox:
      return element('input', { 'data-field': id, type: 'checkbox', checked: field['default'] === true });
    case COMPONENT.radioGroup:
    case COMPONENT.checkboxGroup:
      return groupView(field, label);
    default:
      return selectView(field, { store, label });
  }
}

function groupView(field: JsonObject, label: string): HTMLElement {
  const id = textOf(field['custom_id']);
  const one = field['type'] === COMPONENT.radioGroup;
  const boxes = recordsOf(field['options']).map(option =>
    element('label', { class: 'tick' }, [
      element('input', {
        type: one ? 'radio' : 'checkbox',
        name: id,
        value: textOf(option['value']),
        checked: option['default'] === true,
      }),
      textOf(option['label']),
    ]),
  );
  return element('fieldset', { 'data-field': id, 'data-several': true, class: 'several' }, [
    element('legend', {}, [label]),
    ...boxes,
  ]);
}

const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** What a form's fields hold, by their `data-field`. */
export async function valuesOf(form: Element): Promise<Record<string, SentValue>> {
  const values: Record<string, SentValue> = {};
  for (const field of form.querySelectorAll<HTMLElement>('[data-field]'))
    values[field.dataset['field'] ?? ''] = await valueOf(field);
  return values;
}

async function valueOf(field: HTMLElement): Promise<SentValue> {
  if (field.hasAttribute('data-several')) return ticked(field);
  if (field instanceof HTMLSelectElement) return field.value === '' ? [] : [field.value];
  if (field instanceof HTMLTextAreaElement) return field.value;
  if (!(field instanceof HTMLInputElement)) return '';
  if (field.type === 'checkbox') return field.checked;
  if (field.type === 'file') return readFiles(field.files) satisfies Promise<SentFile[]>;
  return field.value;
}
