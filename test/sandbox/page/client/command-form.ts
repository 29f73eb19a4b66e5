import { OPTION } from '../../discord/option-type.ts';
import type { Command, SentValues } from '../protocol.ts';
import type { Deeds } from './deeds.ts';
import { element } from './dom.ts';
import { valuesOf } from './form-view.ts';
import { withIds } from './mentions.ts';
import { filled, optionView } from './option-view.ts';

interface CommandFormOptions {
  readonly command: Command;
  /** What was typed behind its name. */
  readonly rest: string;
  /** It was sent, or given up. */
  readonly onEnd: () => void;
}

/** A command's options, to be filled in; it is sent by Enter, or given up by Escape. */
export function commandForm(deeds: Deeds, { command, rest, onEnd }: CommandFormOptions): HTMLFormElement {
  const { store, wish } = deeds;
  const { name, description, options } = command;
  const suggest = async (focused: string, typed: string) => {
    const { as, channelId } = store;
    const { [focused]: _, ...others } = filled(form, await valuesOf(form));
    const values = { ...others, [focused]: typed };
    return (await wish({ do: 'complete', as, channelId, name, focused, values }))?.suggestions ?? [];
  };
  const fields = options.map((option, index) =>
    optionView(option, {
      store,
      value: index === 0 ? rest : '',
      suggest: typed => suggest(option.name, typed),
    }),
  );
  const form = element(
    'form',
    { class: 'command', 'aria-label': `/${name}` },
    [
      element('p', {}, [
        element('strong', {}, [`/${name}`]),
        element('span', { class: 'note' }, [` ${store.said(description)}`]),
      ]),
      ...fields,
      element('div', { class: 'controls' }, [
        element('button', { type: 'submit', class: 'button primary' }, ['Send']),
        element('button', { type: 'button', class: 'button secondary' }, ['Cancel'], { click: onEnd }),
      ]),
    ],
    {
      submit: event => {
        event.preventDefault();
        void valuesOf(form).then(async typed => {
          const { as, channelId } = store;
          const values = mentioning(command, filled(form, typed), deeds);
          if (await wish({ do: 'command', as, channelId, name, values })) onEnd();
        });
      },
    },
  );
  form.addEventListener('keydown', event => {
    if (event.key === 'Escape') onEnd();
  });
  return form;
}

/** The values with ids in place of the names in texts, as Discord's clients send them. */
export function mentioning({ options }: Command, values: SentValues, { store }: Deeds): SentValues {
  const texts = options.filter(({ type, autocomplete, choices }) => {
    return type === OPTION.string && !autocomplete && choices.length === 0;
  });
  const entries = Object.entries(values).map(([name, value]) => {
    const text = typeof value === 'string' && texts.some(option => option.name === name);
    return [name, text ? withIds(value, store.place) : value] as const;
  });
  return Object.fromEntries(entries);
}
