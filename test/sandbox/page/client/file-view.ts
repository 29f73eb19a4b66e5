import type { PageFile } from '../protocol.ts';
import { element } from './dom.ts';

/** The name of Ogg in the bot's uploads: its library finds it out from the first bytes. */
const OGG = 'application/ogg';

/** A picture, a sound, or a link to something else. */
export function fileView({ id, name, type, size }: PageFile): HTMLElement {
  const address = `file/${id}`;
  if (type.startsWith('image/')) return element('img', { src: address, alt: name, class: 'picture' });
  const link = element('a', { href: address, download: name }, [name]);
  const label = element('p', { class: 'note' }, [link, ` · ${Math.ceil(size / 1024)} KB`]);
  if (!type.startsWith('audio/') && type !== OGG) return label;
  return element('div', {}, [element('audio', { controls: true, src: address, 'aria-label': name }), label]);
}
