import type { PageMessage } from '../protocol.ts';
import type { Deeds } from './deeds.ts';
import { announce, byId, refill } from './dom.ts';
import { focusedIn, leadTo, leadToSought } from './focus.ts';
import { icon } from './icons.ts';
import { messageView } from './message-view.ts';

/** So near to the end, in pixels, one reads along, and the list stays at its end. */
const NEAR_PX = 80;

/** Where the page itself left the list: whoever has not scrolled since reads along. */
let leftAt = 0;

/** So many messages are drawn at once, more than a screen has. */
const AT_ONCE = 30;
/**
 * Older ones are drawn after them, so many at a time with a pause after it: what draws for longer than a few
 * milliseconds holds up the sound.
 */
const IN_A_GO = 5;
const PAUSE_MS = 30;

/** The ids of the messages that are still to be drawn, the oldest first. */
let older: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Draws all messages of the channel, the newest at once and the others soon. */
export function drawMessages(deeds: Deeds): void {
  const { store } = deeds;
  const channel = store.place?.channels.find(({ id }) => id === store.channelId);
  byId('channel-title').replaceChildren(icon(channel?.voice ? 'voice' : 'text'), ` ${channel?.name ?? ''}`);
  const list = byId('messages');
  const { shown } = store;
  refill(
    list,
    shown.slice(-AT_ONCE).map(message => messageView(message, deeds)),
  );
  toEnd(list);
  older = shown.slice(0, -AT_ONCE).map(({ id }) => id);
  clearTimeout(timer);
  timer = setTimeout(drawOlder, PAUSE_MS, deeds);
}

/** Draws some of the messages that are still to be drawn; what is read now stays where it is. */
function drawOlder(deeds: Deeds): void {
  const { store } = deeds;
  const messages = older.splice(-IN_A_GO).flatMap(id => store.messages.get(id) ?? []);
  const list = byId('messages');
  const follows = readsAlong(list);
  const fromEnd = list.scrollHeight - list.scrollTop;
  list.prepend(...messages.filter(one => store.sees(one)).map(message => messageView(message, deeds)));
  list.scrollTop = list.scrollHeight - fromEnd;
  if (follows) leftAt = list.scrollTop;
  leadToSought();
  if (older.length > 0) timer = setTimeout(drawOlder, PAUSE_MS, deeds);
}

/** Draws one message that is new or has changed. */
export function drawMessage(message: PageMessage, deeds: Deeds): void {
  const list = byId('messages');
  const { store } = deeds;
  if (older.includes(message.id)) return; // it will be drawn as it is then
  const known = itemOf(message.id);
  if (!store.sees(message)) return known?.remove();
  const view = messageView(message, deeds);
  const isNews = !known || known.hasAttribute('data-loading');
  const mine = message.authorId === store.as || message.answers?.who === store.me?.name;
  const follows = readsAlong(list) || (isNews && mine);
  if (known) {
    const control = focusedIn(known);
    known.replaceWith(view);
    if (control) leadTo(control);
  } else {
    list.append(view);
  }
  while (list.children.length > store.shown.length) list.firstElementChild?.remove();
  // What is read or used right now does not jump when it changes.
  if (follows && (isNews || view.clientHeight < list.clientHeight)) showLast(list);
  if (isNews && !message.loading)
    announce(`${message.author}: ${view.querySelector('.body')?.textContent ?? ''}`);
}

/** Messages are gone. */
export function dropMessages(ids: readonly string[]): void {
  for (const id of ids) itemOf(id)?.remove();
}

/** Keeps whoever reads along at the end while pictures come and the list is made higher or lower. */
export function keepReading(): void {
  const list = byId('messages');
  const follow = () => {
    if (readsAlong(list)) showLast(list);
  };
  new ResizeObserver(follow).observe(list);
  list.addEventListener('load', follow, { capture: true });
}

function readsAlong(list: Element): boolean {
  const fromEnd = list.scrollHeight - list.scrollTop - list.clientHeight;
  return fromEnd < NEAR_PX || Math.abs(list.scrollTop - leftAt) < 2;
}

/** Scrolls to the end, but not past the beginning of the last message. */
function showLast(list: Element): void {
  toEnd(list);
  const last = list.lastElementChild;
  if (!last || last.clientHeight <= list.clientHeight) return;
  list.scrollTop -= list.getBoundingClientRect().top - last.getBoundingClientRect().top;
  leftAt = list.scrollTop;
}

function toEnd(list: Element): void {
  list.scrollTop = list.scrollHeight;
  leftAt = list.scrollTop;
}

function itemOf(id: string): Element | undefined {
  return [...byId('messages').children].find(item => item.getAttribute('data-id') === id);
}
