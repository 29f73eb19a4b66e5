import { OPTION } from '../../discord/option-type.ts';
import type { CommandOption, SentValues, Suggestion } from '../protocol.ts';
import { combobox } from './combobox.ts';
import { element } from './dom.ts';
import type { Store } from './store.ts';

interface OptionViewOptions {
  readonly store: Store;
  readonly value: string;
  /** Asks the bot for suggestions for what is typed in the option. */
  readonly suggest: (typed: string) => Promise<readonly Suggestion[]>;
}

/** The control for an option of a command, with its label. `data-field` names it. */
export function optionView(option: CommandOption, options: OptionViewOptions): HTMLElement {
  const { name, description, required } = option;
  const { control, list } = controlOf(option, options);
  control.dataset['field'] = name;
  const title = required ? name : `${name} (optional)`;
  return element('div', { class: 'field' }, [
    element('label', {}, [
      element('span', { class: 'option' }, [title]),
      element('span', { class: 'note' }, [` ${options.store.said(description)}`]),
      control,
    ]),
    list,
  ]);
}

interface Control {
  readonly control: HTMLElement;
  readonly list: HTMLElement | null;
}

function controlOf(option: CommandOption, { store, value, suggest }: OptionViewOptions): Control {
  const { type, choices, required, autocomplete, channelTypes, least, most, name } = option;
  const { place } = store;
  const only = (control: HTMLElement): Control => ({ control, list: null });
  const of = (entries: readonly { name: string; value: string | number }[]) =>
    only(
      element('select', { required }, [
        element('option', { value: '' }, ['(not chosen)']),
        ...entries.map(({ name, value }) => element('option', { value }, [name])),
      ]),
    );
  const named = (entries: readonly { id: string; name: string }[]) =>
    of(entries.map(({ id, name }) => ({ name, value: id })));
  const { people = [], channels = [], roles = [] } = place ?? {};
  if (choices.length > 0) return of(choices.map(({ name, value }) => ({ name: store.said(name), value })));
  if (type === OPTION.boolean)
    return of([
      { name: 'yes', value: 'true' },
      { name: 'no', value: 'false' },
    ]);
  if (type === OPTION.user) return named(people);
  if (type === OPTION.channel)
    return named(channels.filter(one => channelTypes.length === 0 || channelTypes.includes(one.type)));
  if (type === OPTION.role) return named(roles);
  if (type === OPTION.mentionable) return named([...people, ...roles]);
  if (type === OPTION.attachment) return only(element('input', { type: 'file', required }));
  if (type === OPTION.integer || type === OPTION.number) {
    const step = type === OPTION.integer ? 1 : 'any';
    return only(element('input', { type: 'number', required, step, min: least, max: most, value }));
  }
  const input = element('input', { type: 'text', required, value, minlength: least, maxlength: most });
  if (!autocomplete) return only(input);
  const list = combobox(input, {
    label: `Suggestions for ${name}`,
    find: async typed => (await suggest(typed)).map(one => ({ ...one, about: '' })),
    pick(item) {
      input.value = item.name;
      input.dataset['value'] = String(item.value);
    },
  });
  input.addEventListener('input', () => delete input.dataset['value']);
  return { control: input, list };
}

/** Values as a command takes them: what is empty is left out, and a suggestion stands for its value. */
export function filled(form: Element, values: SentValues): SentValues {
  const entries = Object.entries(values).flatMap(([name, value]) => {
    const field = [...form.querySelectorAll<HTMLElement>('[data-field]')].find(
      one => one.dataset['field'] === name,
    );
    const given =
      field?.dataset['value'] ??
      (Array.isArray(value) && field instanceof HTMLSelectElement ? value[0] : value);
    const empty = given === undefined || given === '' || (Array.isArray(given) && given.length === 0);
    return empty ? [] : [[name, given] as const];
  });
  return Object.fromEntries(entries);
}
