import type { Command } from '../protocol.ts';
import { combobox } from './combobox.ts';
import type { Deeds } from './deeds.ts';
import { byId, element } from './dom.ts';
import { valuesOf } from './form-view.ts';
import { filled, optionView } from './option-view.ts';
import { readyValues, typedCommand } from './typed-command.ts';

/** Who writes, and where, as the composer was last drawn for. */
let drawnFor = '';

/**
 * Where one writes: words, or a command with its options. It is drawn anew only for somebody else or another channel:
 * what is half written, and a form that is half filled in, stay whatever else happens.
 */
export function drawComposer(deeds: Deeds): void {
  const { store } = deeds;
  const channel = store.place?.channels.find(({ id }) => id === store.channelId)?.name ?? '';
  const now = `${store.as} ${store.channelId}`;
  if (now === drawnFor && byId('composer').hasChildNodes()) return;
  drawnFor = now;
  const before = document.getElementById('words');
  const kept = before instanceof HTMLInputElement ? before.value : '';
  drawWords(deeds, channel, kept);
}

function drawWords(deeds: Deeds, channel: string, value: string): void {
  const { store } = deeds;
  const name = store.me?.name ?? '';
  const input = element('input', {
    id: 'words',
    type: 'text',
    value,
    placeholder: `Write in ${channel}, or / for commands`,
    'aria-label': `Message in ${channel}, as ${name}`,
  });
  const start = async (command: Command, rest: string) => {
    const values = readyValues(command, rest);
    const { as, channelId } = store;
    if (values === null) drawCommand(deeds, channel, command, rest);
    else await deeds.wish({ do: 'command', as, channelId, name: command.name, values });
  };
  const list = combobox(input, {
    label: 'Commands',
    find: typed => Promise.resolve(found(typed, store.commands, store.as)),
    pick({ value }) {
      const command = store.commands.find(one => one.kind === 'chat' && one.name === value);
      input.value = '';
      if (command) void start(command, '');
    },
  });
  const form = element(
    'form',
    { class: 'words' },
    [input, list, element('button', { type: 'submit', class: 'button primary' }, ['Send'])],
    {
      submit: event => {
        event.preventDefault();
        const content = input.value;
        if (content.trim() === '') return;
        input.value = '';
        const typed = typedCommand(content, store.commands);
        const { as, channelId } = store;
        if (typed) void start(typed.command, typed.rest);
        else void deeds.wish({ do: 'write', as, channelId, content });
      },
    },
  );
  byId('composer').replaceChildren(form);
}

/** The commands whose name holds what is typed behind the "/". */
function found(typed: string, commands: readonly Command[], as: string) {
  if (!typed.startsWith('/')) return [];
  const part = typed.slice(1).toLowerCase();
  return commands
    .filter(({ name, kind, seenBy }) => kind === 'chat' && seenBy.includes(as) && name.includes(part))
    .toSorted((a, b) => Number(b.name.startsWith(part)) - Number(a.name.startsWith(part)))
    .map(({ name, description }) => ({ name: `/${name}`, about: description, value: name }));
}

/** A command's options, in place of the words. */
function drawCommand(deeds: Deeds, channel: string, command: Command, rest: string): void {
  const { store, wish } = deeds;
  const { name, description, options } = command;
  const back = () => {
    drawWords(deeds, channel, '');
    byId('words').focus();
  };
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
        element('span', { class: 'note' }, [` ${description}`]),
      ]),
      ...fields,
      element('div', { class: 'controls' }, [
        element('button', { type: 'submit', class: 'button primary' }, ['Send']),
        element('button', { type: 'button', class: 'button secondary' }, ['Cancel'], { click: back }),
      ]),
    ],
    {
      submit: event => {
        event.preventDefault();
        void valuesOf(form).then(async values => {
          const { as, channelId } = store;
          const sent = await wish({ do: 'command', as, channelId, name, values: filled(form, values) });
          if (sent) back();
        });
      },
    },
  );
  form.addEventListener('keydown', event => {
    if (event.key === 'Escape') back();
  });
  byId('composer').replaceChildren(form);
  form.querySelector<HTMLElement>('[data-field]')?.focus();
}
