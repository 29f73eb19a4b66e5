import { byId, element } from './dom.ts';
import type { Hearing } from './hearing.ts';

const METER_MS = 100;
/** Speech is far below full scale. */
const GAIN = 4;

/**
 * The button that lets the page be heard, and the meter of what comes out of it, which also tells `onLoudness`: 0 to 1,
 * ten times a second.
 */
export function startListening(
  hearing: Hearing,
  onLoudness: (loudness: number) => void,
): { show(audible: boolean): void } {
  const button = byId('listen');
  const meter = element('meter', { id: 'meter', min: 0, max: 1, 'aria-label': 'How loud the page is' });
  button.before(meter);
  /** Somebody wants silence; otherwise the first click or key lets the page be heard. */
  let refused = false;
  button.addEventListener('click', event => {
    event.stopPropagation();
    refused = hearing.audible;
    void hearing.listen(!hearing.audible);
  });
  for (const kind of ['click', 'keydown'])
    document.addEventListener(kind, () => {
      if (!refused && !hearing.audible) void hearing.listen(true);
    });
  void hearing.listen(true);

  const samples = new Float32Array(hearing.analyser.fftSize);
  setInterval(() => {
    hearing.analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    meter.value = hearing.audible ? Math.min(1, Math.sqrt(power) * GAIN) : 0;
    onLoudness(meter.value);
  }, METER_MS);

  const show = (audible: boolean) => {
    button.setAttribute('aria-pressed', String(audible));
    button.textContent = audible ? 'Listening' : 'Listen';
  };
  show(hearing.audible);
  return { show };
}
