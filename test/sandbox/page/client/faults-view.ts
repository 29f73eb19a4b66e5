import type { Fault } from '../protocol.ts';
import type { Deeds } from './deeds.ts';
import { byId, element, refill } from './dom.ts';

/** The faults, as switches; those that happen once as buttons. */
export function drawFaults(deeds: Deeds): void {
  const faults = deeds.store.place?.faults ?? [];
  refill(byId('faults'), [
    element(
      'ul',
      { class: 'plain faults' },
      faults.map(fault => element('li', {}, [faultView(fault, deeds)])),
    ),
  ]);
}

function faultView({ id, label, about, once, on }: Fault, { wish }: Deeds): HTMLElement {
  const note = element('span', { class: 'about', id: `about-${id}` }, [about]);
  const kind = once ? {} : { role: 'switch', 'aria-checked': String(on) };
  const button = element(
    'button',
    {
      type: 'button',
      class: once ? 'fault once' : 'fault',
      'data-key': `fault ${id}`,
      'aria-describedby': `about-${id}`,
      ...kind,
    },
    [label],
    { click: () => void wish({ do: 'fault', id, on: !on }) },
  );
  return element('div', {}, [button, note]);
}
