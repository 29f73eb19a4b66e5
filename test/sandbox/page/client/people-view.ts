import type { Channel, Person } from '../protocol.ts';
import type { Deeds } from './deeds.ts';
import { byId, element, refill } from './dom.ts';
import { icon } from './icons.ts';

/** The left side: channels, who is in voice, and whom one is. */
export function drawPeople(deeds: Deeds): void {
  const { place } = deeds.store;
  if (!place) return;
  const list = element(
    'ul',
    { class: 'plain' },
    place.channels.map(channel => channelView(channel, deeds)),
  );
  refill(byId('channels'), [list]);
  const people = place.people.filter(({ bot }) => !bot);
  refill(byId('people'), [
    element(
      'ul',
      { class: 'plain' },
      people.map(person => personView(person, deeds)),
    ),
  ]);
}

function channelView(channel: Channel, deeds: Deeds): HTMLElement {
  const { store, redraw } = deeds;
  const { id, name, voice } = channel;
  const open = () => {
    store.channelId = id;
    redraw();
  };
  const here = store.channelId === id;
  const button = element(
    'button',
    { type: 'button', class: 'channel', 'aria-current': here ? 'true' : null, 'data-key': `channel ${id}` },
    [icon(voice ? 'voice' : 'text'), name, voice && element('span', { class: 'unseen' }, [' (voice)'])],
    { click: open },
  );
  if (!voice) return element('li', {}, [button]);
  const { status } = channel;
  const inside = (store.place?.people ?? []).filter(({ voice }) => voice?.channelId === id);
  const me = inside.some(person => person.id === store.as);
  const come = element(
    'button',
    {
      type: 'button',
      class: 'small',
      'data-key': `join ${id}`,
    },
    [me ? 'Leave' : store.me?.voice ? 'Move' : 'Join', element('span', { class: 'unseen' }, [` ${name}`])],
    {
      click: () =>
        void deeds.wish(me ? { do: 'leave', as: store.as } : { do: 'join', as: store.as, channelId: id }),
    },
  );
  return element('li', {}, [
    element('div', { class: 'row' }, [button, come]),
    status !== null && element('p', { class: 'note status' }, [status]),
    inside.length > 0 && element('ul', { class: 'plain inside' }, inside.map(insideView)),
  ]);
}

function insideView({ id, name, bot, voice }: Person): HTMLElement {
  const state = voice?.silenced ? 'muted by a moderator' : voice?.muted ? 'muted' : '';
  return element('li', { 'data-person': id, class: bot ? 'bot' : null }, [
    avatar(name, bot),
    name,
    state !== '' && element('span', { class: 'note' }, [` · ${state}`]),
  ]);
}

function personView(person: Person, deeds: Deeds): HTMLElement {
  const { store, redraw, wish } = deeds;
  const { id, name, voice, locale } = person;
  const chosen = store.as === id;
  const pick = element(
    'button',
    { type: 'button', class: 'person', 'aria-pressed': String(chosen), 'data-key': `as ${id}` },
    [avatar(name, false), name, locale !== 'en-US' && element('span', { class: 'note' }, [` ${locale}`])],
    {
      click: () => {
        store.as = id;
        redraw();
      },
    },
  );
  const mute = element(
    'button',
    {
      type: 'button',
      class: 'small',
      'data-key': `mute ${id}`,
      'aria-pressed': String(voice?.muted ?? false),
      'aria-label': `Mute ${name}’s microphone`,
    },
    ['Mute'],
    { click: () => void wish({ do: 'mute', as: id, muted: !voice?.muted }) },
  );
  return element('li', { class: 'row' }, [pick, voice !== null && mute]);
}

const TONES = 4;

/** A letter in a circle; the bot has a parrot. */
export function avatar(name: string, bot: boolean): HTMLElement {
  const tone = (name.codePointAt(0) ?? 0) % TONES;
  const look = bot ? 'avatar avatar-bot' : `avatar avatar-${tone}`;
  return element('span', { class: look, 'aria-hidden': 'true' }, [bot ? icon('parrot') : (name[0] ?? '?')]);
}
