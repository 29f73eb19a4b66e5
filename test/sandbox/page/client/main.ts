import { refuseLargeFiles } from './chosen-files.ts';
import { drawComposer, useCommand } from './composer.ts';
import { Connection } from './connection.ts';
import { deedsOf } from './deeds.ts';
import { byId } from './dom.ts';
import { drawFaults } from './faults-view.ts';
import { showForm } from './form-view.ts';
import { Hearing } from './hearing.ts';
import { drawLineSoon, drawLines } from './lines-view.ts';
import { startListening } from './listening.ts';
import { drawMessage, drawMessages, dropMessages, keepReading } from './message-list.ts';
import { drawPeople } from './people-view.ts';
import { readSoundFrame } from './sound-frame.ts';
import { Store } from './store.ts';
import { keepTimes } from './time-view.ts';

/** The page's beginning: it ties what comes from the sandbox to what is drawn. */

const BOT_STATES = {
  none: 'There is no bot here: start yours.',
  waiting: 'The bot is starting …',
  ready: 'The bot is ready.',
  ended: 'The bot has ended.',
} as const;

const store = new Store();

const hearing = new Hearing({
  onBegin(id, afterMs) {
    const shown = store.lines.get(id);
    if (shown) shown.beganAfterMs ??= afterMs;
    drawLineSoon(id, store);
  },
  onPlayed(id) {
    const shown = store.lines.get(id);
    if (!shown) return;
    shown.played += 1;
    if (shown.line.over) drawLineSoon(id, store); // otherwise it is drawn often anyway
  },
  onState: audible => listening.show(audible),
});
const listening = startListening(hearing, loudness => {
  const shown = store.lines.get(hearing.playing);
  if (!shown || loudness <= shown.loudest) return;
  shown.loudest = loudness;
  if (shown.line.over) drawLineSoon(shown.line.id, store);
});

const connection = new Connection({
  onState(reached) {
    if (!reached) byId('bot-state').textContent = 'The sandbox is not running.';
  },
  onSound(frame) {
    const sound = readSoundFrame(frame);
    hearing.take(sound);
    store.heard(sound.line, sound.level);
  },
  onMessage(message) {
    store.take(message);
    switch (message.kind) {
      case 'all':
        redraw();
        drawLines(store);
        break;
      case 'place':
        drawPlace();
        break;
      case 'commands':
        drawMessages(deeds); // their menus have the commands
        break;
      case 'message':
        drawMessage(message.message, deeds);
        break;
      case 'gone':
        dropMessages(message.ids);
        drawComposer(deeds); // it may have been about one of them
        break;
      case 'line':
        drawLineSoon(message.line.id, store);
        break;
    }
  },
});

const deeds = deedsOf(store, connection, {
  redraw,
  write(draft) {
    store.draft = draft;
    drawComposer(deeds);
  },
  use: name => useCommand(name, deeds),
  showForm: ({ form }) => form && showForm(form, deeds),
});

keepReading();
refuseLargeFiles();
keepTimes();
// Commands in messages can be used by a click.
byId('messages').addEventListener('click', ({ target }) => {
  const name = target instanceof HTMLElement ? target.dataset['command'] : undefined;
  if (name !== undefined) deeds.use(name);
});

// Whoever types somewhere else than in a field writes a message.
document.addEventListener('keydown', event => {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  const inField = target instanceof Element && target.closest('input, select, textarea, dialog') !== null;
  if (key.length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey && !inField)
    document.getElementById('words')?.focus();
});

function redraw(): void {
  drawPlace();
  drawMessages(deeds);
}

/** Who is where, the faults, and what the bot does. */
function drawPlace(): void {
  drawPeople(deeds);
  drawFaults(deeds);
  drawComposer(deeds);
  if (store.place) byId('bot-state').textContent = BOT_STATES[store.place.bot];
}
