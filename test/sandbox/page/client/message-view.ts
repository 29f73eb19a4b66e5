import type { PageFile, PageMessage } from '../protocol.ts';
import { componentViews } from './component-view.ts';
import type { Deeds } from './deeds.ts';
import { announce, byId, element, focusedKey, focusKey, refill } from './dom.ts';
import { fileView } from './file-view.ts';
import { icon } from './icons.ts';
import { recordsOf, textOf } from '../../discord/json.ts';
import { markdown } from './markdown-view.ts';
import { avatar } from './people-view.ts';

/** So near to the end, in pixels, one reads along, and the list stays at its end. */
const NEAR_PX = 80;

/** Draws all messages of the channel. */
export function drawMessages(deeds: Deeds): void {
  const { store } = deeds;
  const channel = store.place?.channels.find(({ id }) => id === store.channelId);
  byId('channel-title').replaceChildren(icon(channel?.voice ? 'voice' : 'text'), ` ${channel?.name ?? ''}`);
  const list = byId('messages');
  refill(
    list,
    store.shown.map(message => messageView(message, deeds)),
  );
  list.scrollTop = list.scrollHeight;
}

/** Draws one message that is new or has changed. */
export function drawMessage(message: PageMessage, deeds: Deeds): void {
  const list = byId('messages');
  const known = itemOf(message.id);
  if (!deeds.store.sees(message)) return known?.remove();
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
  const view = messageView(message, deeds);
  const isNews = !known || known.hasAttribute('data-loading');
  if (known) {
    const key = focusedKey(known);
    known.replaceWith(view);
    focusKey(view, key);
  } else {
    list.append(view);
  }
  while (list.children.length > deeds.store.shown.length) list.firstElementChild?.remove();
  if (atEnd && isNews) showBeginning(view, list);
  if (!message.loading) announce(`${message.author}: ${view.querySelector('.body')?.textContent ?? ''}`);
}

/** Scrolls to the end, but not past the beginning of the last message. */
function showBeginning(last: Element, list: Element): void {
  list.scrollTop = list.scrollHeight;
  if (last.clientHeight > list.clientHeight) last.scrollIntoView({ block: 'start' });
}

/** Messages are gone. */
export function dropMessages(ids: readonly string[]): void {
  for (const id of ids) itemOf(id)?.remove();
}

function itemOf(id: string): Element | undefined {
  return [...byId('messages').children].find(item => item.getAttribute('data-id') === id);
}

function messageView(message: PageMessage, deeds: Deeds): HTMLElement {
  const { id, author, bot, at, edited, content, loading, onlyFor, answers, components, embeds, files } =
    message;
  const names = deeds.store.place;
  const time = new Date(at).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit' });
  const look = onlyFor ? 'message private' : 'message';
  return element('li', { class: look, 'data-id': id, 'data-loading': loading }, [
    avatar(author, bot),
    element('div', { class: 'content' }, [
      answers && element('p', { class: 'note' }, [`${answers.who} used ${answers.what}`]),
      element('p', { class: 'head' }, [
        element('strong', {}, [author]),
        bot && element('span', { class: 'tag' }, ['bot']),
        element('time', { datetime: at, class: 'note' }, [` ${time}`]),
        edited && element('span', { class: 'note' }, [' · edited']),
        actions(message, deeds),
      ]),
      element('div', { class: 'body' }, [
        ...(loading
          ? [element('p', { class: 'note' }, [`${author} is thinking …`])]
          : markdown(content, names)),
        ...recordsOf(embeds).map(embed =>
          element('div', { class: 'embed' }, [
            element('strong', {}, [textOf(embed['title'])]),
            ...markdown(textOf(embed['description']), names),
          ]),
        ),
        ...componentViews(components, message, deeds),
        ...files.filter(file => !isInside(file, message)).map(fileView),
      ]),
      onlyFor !== null && element('p', { class: 'note' }, ['Only you can see this.']),
    ]),
  ]);
}

/** The menu of a message: deleting it, and the bot's commands for messages. */
function actions(message: PageMessage, deeds: Deeds): HTMLElement | null {
  const { store, wish } = deeds;
  const { id: messageId, authorId, author, onlyFor } = message;
  if (onlyFor !== null) return null;
  const apps = store.commands.filter(({ kind, seenBy }) => kind === 'message' && seenBy.includes(store.as));
  const act = (label: string, click: () => unknown) =>
    element('button', { type: 'button', 'data-key': `${label} ${messageId}` }, [label], { click });
  const buttons = [
    ...apps.map(({ name }) => act(name, () => wish({ do: 'menu', as: store.as, messageId, name }))),
    ...(authorId === store.as ? [act('Delete', () => wish({ do: 'delete', as: store.as, messageId }))] : []),
  ];
  if (buttons.length === 0) return null;
  const summary = element('summary', { 'aria-label': `More for the message of ${author}` }, ['⋯']);
  const menu = element('details', { class: 'menu' }, [
    summary,
    element('div', { class: 'menu-list' }, buttons),
  ]);
  const close = () => {
    menu.open = false;
  };
  menu.addEventListener('click', event => event.target instanceof HTMLButtonElement && close());
  menu.addEventListener('keydown', event => {
    if (event.key === 'Escape') close();
    if (event.key === 'Escape') summary.focus();
  });
  return menu;
}

/** Whether a component of the message shows the file. */
function isInside({ name }: PageFile, { components }: PageMessage): boolean {
  return JSON.stringify(components).includes(`attachment://${name}`);
}
