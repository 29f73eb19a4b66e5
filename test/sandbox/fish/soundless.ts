import { oggPage, PAGE_BOS } from './ogg-page.ts';
import { OggOpusWriter } from './ogg-writer.ts';

/**
 * Bytes that hold no sound, however many there are: `garbage` is no Ogg, `another-codec` is Ogg without Opus,
 * `endless-tags` never comes to the end of its OpusTags, `drip` are good pages of which each event has one byte, and
 * `empty-packets` are good pages with packets that are none of Opus.
 */
export type Soundless = 'garbage' | 'another-codec' | 'endless-tags' | 'drip' | 'empty-packets';

const SERIAL = 77;
const GARBAGE_BYTES = 400;
const HEAD_BYTES = 47;
const FULL_PAGE = Array.from<number>({ length: 255 }).fill(255);
const fullPage = (sequence: number) =>
  oggPage({
    serial: SERIAL,
    sequence,
    flags: sequence > 1 ? 1 : 0,
    granule: undefined,
    segments: FULL_PAGE,
    body: Buffer.concat([Buffer.from('OpusTags'), Buffer.alloc(FULL_PAGE.length * 255 - 8)]),
  });

/** The bytes of one audio event after another, without end. */
export function* soundless(how: Soundless): Generator<Uint8Array, never> {
  const writer = new OggOpusWriter({ serial: SERIAL });
  const head = writer.head();
  if (how === 'another-codec') {
    const body = Buffer.from('\u0001vorbis and whatever else comes', 'latin1');
    const fields = { serial: SERIAL, granule: 0, segments: [body.length], body };
    for (let sequence = 0; ; sequence += 1)
      yield oggPage({ ...fields, sequence, flags: sequence === 0 ? PAGE_BOS : 0 });
  }
  if (how === 'endless-tags') {
    yield head.subarray(0, HEAD_BYTES);
    for (let sequence = 1; ; sequence += 1) yield fullPage(sequence);
  }
  if (how === 'drip') {
    yield head;
    for (;;) for (const byte of writer.page([Buffer.alloc(250, 0xf8)])) yield Uint8Array.of(byte);
  }
  if (how === 'empty-packets') {
    yield head;
    for (;;) yield writer.page([Buffer.of(0xfb, 0), Buffer.of(0xfb, 0)]);
  }
  for (;;) yield Buffer.alloc(GARBAGE_BYTES, 'no sound ');
}
