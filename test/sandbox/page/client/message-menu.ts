import type { PageMessage } from '../protocol.ts';
import type { Deeds } from './deeds.ts';
import { element } from './dom.ts';

/** The menu of a message: answering it, changing and deleting one's own, and the bot's commands for messages. */
export function messageMenu(message: PageMessage, deeds: Deeds): HTMLElement | null {
  const { store, wish } = deeds;
  const { id: messageId, authorId, author, onlyFor } = message;
  if (onlyFor !== null) return null;
  const apps = store.commands.filter(({ kind, seenBy }) => kind === 'message' && seenBy.includes(store.as));
  const act = (label: string, click: () => unknown) =>
    element('button', { type: 'button', 'data-key': `${label} ${messageId}` }, [label], { click });
  const buttons = [
    act('Reply', () => deeds.write({ kind: 'reply', message })),
    ...(authorId === store.as
      ? [
          act('Edit', () => deeds.write({ kind: 'edit', message })),
          act('Delete', () => wish({ do: 'delete', as: store.as, messageId })),
        ]
      : []),
    ...apps.map(({ name, label }) =>
      act(store.said(label), () => wish({ do: 'menu', as: store.as, messageId, name })),
    ),
  ];
  const summary = element(
    'summary',
    { 'aria-label': `More for the message of ${author}`, 'data-key': `more ${messageId}` },
    ['⋯'],
  );
  const list = element('div', { class: 'menu-list' }, buttons);
  const menu = element('details', { class: 'menu' }, [summary, list]);
  const close = () => {
    menu.open = false;
  };
  menu.addEventListener('click', event => event.target instanceof HTMLButtonElement && close());
  menu.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) close();
  });
  menu.addEventListener('toggle', () => {
    if (menu.open) list.scrollIntoView({ block: 'nearest' });
  });
  menu.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !menu.open) return;
    close();
    summary.focus();
  });
  return menu;
}
