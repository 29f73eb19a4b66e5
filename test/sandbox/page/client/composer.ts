import type { Command } from '../protocol.ts';
import { readFiles } from './chosen-files.ts';
import { combobox, type Item } from './combobox.ts';
import { commandForm, mentioning } from './command-form.ts';
import type { Deeds } from './deeds.ts';
import { byId, element, tellTrouble } from './dom.ts';
import { icon } from './icons.ts';
import { suggestedMentions, withIds, withNames } from './mentions.ts';
import type { Store } from './store.ts';
import { readyValues, typedCommand } from './typed-command.ts';

/** Who writes, where, and about which message, as the composer was last drawn for. */
let drawnFor = '';

/**
 * Where one writes: words, or a command with its options. It is drawn anew only for somebody else, another channel or
 * another message: what is half written, and a form that is half filled in, stay whatever else happens.
 */
export function drawComposer(deeds: Deeds): void {
  const { store } = deeds;
  const { draft } = store;
  if (draft && (draft.message.channelId !== store.channelId || !store.messages.has(draft.message.id)))
    store.draft = null;
  const about = store.draft ? `${store.draft.kind} ${store.draft.message.id}` : '';
  const now = `${store.as} ${store.channelId} ${about}`;
  if (now === drawnFor && byId('composer').hasChildNodes()) return;
  drawnFor = now;
  const before = document.getElementById('words');
  const kept = before instanceof HTMLInputElement ? before.value : '';
  drawWords(deeds, store.draft?.kind === 'edit' ? withNames(store.draft.message.content, store.place) : kept);
  if (store.draft) byId('words').focus();
}

/** Shows the options of the command of that name, or what begins with it. */
export function useCommand(name: string, deeds: Deeds): void {
  const { store } = deeds;
  const command = store.commands.find(one => one.kind === 'chat' && one.name === name);
  if (command && !command.seenBy.includes(store.as))
    return tellTrouble(`${store.me?.name ?? ''} does not see /${name} here.`);
  if (command) return drawCommand(deeds, command, '');
  drawWords(deeds, `/${name} `);
  byId('words').focus();
}

function drawWords(deeds: Deeds, value: string): void {
  const { store, wish } = deeds;
  const channel = store.place?.channels.find(({ id }) => id === store.channelId)?.name ?? '';
  const input = element('input', {
    id: 'words',
    type: 'text',
    value,
    placeholder: 'Write, or / for commands',
    'aria-label': `Message in ${channel}, as ${store.me?.name ?? ''}`,
  });
  const files = element('input', {
    type: 'file',
    multiple: true,
    hidden: true,
    'aria-label': 'Files to add',
  });
  const chosen = element('p', { class: 'note' });
  files.addEventListener('change', () => {
    chosen.textContent = Array.from(files.files ?? [], ({ name }) => name).join(', ');
    input.focus();
  });
  const start = async (command: Command, rest: string) => {
    const values = readyValues(command, rest);
    const { as, channelId } = store;
    const { name } = command;
    if (values === null) return drawCommand(deeds, command, rest);
    const granted = await wish({
      do: 'command',
      as,
      channelId,
      name,
      values: mentioning(command, values, deeds),
    });
    if (!granted) giveBack({ words: `/${name} ${rest}`.trim(), files: [] }, deeds);
  };
  const pick = ({ value }: Pick<Item, 'value'>) => {
    const command = store.commands.find(one => one.kind === 'chat' && one.name === value);
    input.value = command ? '' : String(value);
    if (command) void start(command, '');
  };
  const list = combobox(input, {
    label: 'Commands and names',
    find: typed => Promise.resolve(suggestions(typed, store)),
    pick,
    first: true,
  });
  const end = () => {
    store.draft = null;
    drawComposer(deeds);
  };
  const send = async () => {
    const typed = typedCommand(input.value, store.commands);
    const { as, channelId, draft } = store;
    if (typed && !draft) {
      input.value = '';
      return start(typed.command, typed.rest);
    }
    // Whoever types fast sends before the list is there.
    const [meant] = input.value.startsWith('/') ? suggestions(input.value, store) : [];
    if (meant && !draft) return pick(meant);
    const unsent = { words: input.value, files: [...(files.files ?? [])], draft };
    const added = await readFiles(files.files);
    if (input.value.trim() === '' && added.length === 0) return;
    const content = withIds(input.value, store.place);
    input.value = '';
    files.value = '';
    chosen.textContent = '';
    end();
    const granted =
      draft?.kind === 'edit'
        ? await wish({ do: 'edit', as, messageId: draft.message.id, content })
        : await wish({
            do: 'write',
            as,
            channelId,
            content,
            ...(draft && { replyTo: draft.message.id }),
            ...(added.length > 0 && { files: added }),
          });
    if (!granted) giveBack(unsent, deeds);
  };
  const form = element(
    'form',
    {},
    [
      store.draft && draftBar(store.draft, end),
      chosen,
      element('div', { class: 'words' }, [
        input,
        list,
        files,
        element(
          'button',
          { type: 'button', class: 'button secondary', 'aria-label': 'Add files' },
          [icon('file')],
          {
            click: () => files.click(),
          },
        ),
        element('button', { type: 'submit', class: 'button primary' }, ['Send']),
      ]),
    ],
    {
      submit: event => {
        event.preventDefault();
        void send();
      },
    },
  );
  form.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !store.draft) return;
    input.value = '';
    end();
    byId('words').focus();
  });
  byId('composer').replaceChildren(form);
}

/** What could not be sent. */
interface Unsent {
  readonly words: string;
  readonly files: readonly File[];
  readonly draft?: Store['draft'];
}

/** Puts what could not be sent back to where one writes, unless something else has been written there meanwhile. */
function giveBack({ words, files, draft = null }: Unsent, deeds: Deeds): void {
  const field = () => document.querySelector<HTMLInputElement>('#words');
  if (field()?.value !== '') return;
  deeds.store.draft ??= draft;
  drawComposer(deeds); // it may make another field
  const now = field();
  if (now) now.value = words;
  const picker = document.querySelector<HTMLInputElement>('#composer input[type=file]');
  if (!picker || files.length === 0) return;
  const chosen = new DataTransfer();
  for (const file of files) chosen.items.add(file);
  picker.files = chosen.files;
  picker.dispatchEvent(new Event('change', { bubbles: true }));
}

/** Says which message is answered or changed, and lets one give that up. */
function draftBar({ kind, message }: NonNullable<Store['draft']>, end: () => void): HTMLElement {
  const words = kind === 'reply' ? `Your reply to ${message.author}` : 'You change your message';
  return element('p', { class: 'row note' }, [
    element('span', {}, [words]),
    element('button', { type: 'button', class: 'small' }, ['Cancel'], { click: end }),
  ]);
}

/** The commands whose name holds what is typed behind the "/", or the names that a "@" or "#" begins. */
function suggestions(typed: string, store: Store): Item[] {
  const { commands, as, place } = store;
  if (!typed.startsWith('/')) {
    const { before = '', names = [] } = suggestedMentions(typed, place) ?? {};
    return names.map(name => ({ name, about: '', value: `${before}${name} ` }));
  }
  const part = typed.slice(1).toLowerCase();
  return commands
    .filter(({ name, kind, seenBy }) => kind === 'chat' && seenBy.includes(as) && name.includes(part))
    .toSorted((a, b) => Number(b.name.startsWith(part)) - Number(a.name.startsWith(part)))
    .map(({ name, description }) => ({ name: `/${name}`, about: store.said(description), value: name }));
}

/** A command's options, in place of the words. */
function drawCommand(deeds: Deeds, command: Command, rest: string): void {
  const onEnd = () => {
    drawWords(deeds, '');
    byId('words').focus();
  };
  const form = commandForm(deeds, { command, rest, onEnd });
  byId('composer').replaceChildren(form);
  (form.querySelector<HTMLElement>('[data-field]') ?? form.querySelector('button'))?.focus();
}
