import { COMPONENT, LINK_STYLE } from '../../discord/component.ts';
import { isRecord, type JsonObject, recordsOf, textOf } from '../../discord/json.ts';
import type { PageMessage } from '../protocol.ts';
import type { Deeds } from './deeds.ts';
import { element } from './dom.ts';
import { fileView } from './file-view.ts';
import { emojiView, icon } from './icons.ts';
import { markdown } from './markdown-view.ts';
import { selectView } from './select-view.ts';

const STYLES: Readonly<Record<string, string>> = {
  1: 'primary',
  2: 'secondary',
  3: 'good',
  4: 'danger',
  5: 'link',
};

/** Where a component stands. */
interface Around {
  readonly message: PageMessage;
  readonly deeds: Deeds;
  /** The words before it: what a control without words of its own is about, for those who do not see it. */
  readonly about: string;
}

/** The components of a message, which people use. */
export function componentViews(list: unknown, message: PageMessage, deeds: Deeds): HTMLElement[] {
  return viewsOf(list, { message, deeds, about: '' });
}

function viewsOf(list: unknown, around: Around): HTMLElement[] {
  let { about } = around;
  let afterButtons = false;
  return recordsOf(list).map(component => {
    const words = wordsOf(component);
    const isButtons = isRowOfButtons(component);
    // A second row of buttons, such as those that turn pages, is not about what the first one is about.
    about = afterButtons && isButtons ? '' : words || about;
    afterButtons = isButtons || (afterButtons && words === '');
    return componentView(component, { ...around, about });
  });
}

function isRowOfButtons({ type, components }: JsonObject): boolean {
  return type === COMPONENT.row && recordsOf(components)[0]?.['type'] === COMPONENT.button;
}

/** The name with which a text, or a section's text, begins: what is bold, or else its first line without marks. */
function wordsOf(component: JsonObject): string {
  const text = component['type'] === COMPONENT.section ? recordsOf(component['components'])[0] : component;
  const first = textOf(text?.['content']).split('\n')[0] ?? '';
  const [, bold = first] = /^\*\*(.+?)\*\*/u.exec(first) ?? [];
  return bold.replaceAll(/[#*_`]|<[^>]*>|^-# /gu, '').trim();
}

function componentView(component: JsonObject, around: Around): HTMLElement {
  const { message, deeds, about } = around;
  const inner = () => viewsOf(component['components'], around);
  switch (component['type']) {
    case COMPONENT.row:
      return element('div', { class: 'controls' }, inner());
    case COMPONENT.button:
      return buttonView(component, around);
    case COMPONENT.stringSelect:
    case COMPONENT.userSelect:
    case COMPONENT.roleSelect:
    case COMPONENT.mentionableSelect:
    case COMPONENT.channelSelect:
      return selectView(component, {
        store: deeds.store,
        label: [about, textOf(component['placeholder'])].filter(words => words !== '').join(': ') || 'Choose',
        commit: chosen =>
          void deeds.wish({
            do: 'choose',
            as: deeds.store.as,
            messageId: message.id,
            customId: textOf(component['custom_id']),
            chosen,
          }),
      });
    case COMPONENT.section:
      return element('div', { class: 'section' }, [
        element('div', {}, inner()),
        ...viewsOf([component['accessory']], around),
      ]);
    case COMPONENT.text:
      return element('div', {}, [markdown(textOf(component['content']), deeds.store.place)]);
    case COMPONENT.separator:
      return element('hr', { class: component['divider'] === false ? 'space' : null });
    case COMPONENT.container:
      return element('div', { class: 'container' }, inner());
    case COMPONENT.gallery:
      return element(
        'div',
        {},
        recordsOf(component['items']).map(item => media(item['media'], textOf(item['description']), message)),
      );
    case COMPONENT.thumbnail:
      return media(component['media'], textOf(component['description']), message);
    case COMPONENT.file:
      return media(component['file'], '', message);
    default:
      return element('p', { class: 'note' }, ['(The page does not know this component.)']);
  }
}

/** A file of the message; what is elsewhere on the web is not loaded. */
function media(item: unknown, description: string, { files }: PageMessage): HTMLElement {
  const url = isRecord(item) ? textOf(item['url']) : '';
  const file = files.find(({ name }) => url === `attachment://${name}`);
  if (!file)
    return element(
      'span',
      {
        class: 'elsewhere',
        role: 'img',
        'aria-label': description || 'A picture',
        title: `Not loaded: ${url}`,
      },
      [icon('picture')],
    );
  const view = fileView(file);
  if (description !== '' && view instanceof HTMLImageElement) view.alt = description;
  return view;
}

/** What is written on a button, with its emoji. */
function labelOf(component: JsonObject): (SVGElement | string)[] {
  const emoji = isRecord(component['emoji']) ? textOf(component['emoji']['name']) : '';
  const label = textOf(component['label']);
  return emoji === '' ? [label] : [emojiView(emoji), ` ${label}`];
}

/** The address if it leads to the web: others could run something. */
const webAddress = (url: string): string | null => (/^https?:\/\//u.test(url) ? url : null);

function buttonView(component: JsonObject, { message, deeds, about }: Around): HTMLElement {
  const style = STYLES[String(component['style'])] ?? 'secondary';
  const label = labelOf(component);
  const customId = textOf(component['custom_id']);
  if (component['style'] === LINK_STYLE)
    return element(
      'a',
      {
        class: 'button link',
        href: webAddress(textOf(component['url'])),
        target: '_blank',
        rel: 'noreferrer noopener',
      },
      label,
    );
  return element(
    'button',
    {
      type: 'button',
      class: `button ${style}`,
      disabled: component['disabled'] === true,
      'data-key': `press ${customId}`,
    },
    [...label, about !== '' && element('span', { class: 'unseen' }, [` (${about})`])],
    { click: () => void deeds.wish({ do: 'press', as: deeds.store.as, messageId: message.id, customId }) },
  );
}
