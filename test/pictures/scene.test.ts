import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { noBrowser } from '../sandbox/page/chromium.ts';
import { playScene } from './scene.ts';

const KEPT = new URL('../../docs/pictures/', import.meta.url);
/** An empty picture of that size has fewer bytes. */
const PICTURE_MIN_BYTES = 20_000;
const SOUND_MIN_BYTES = 20_000;

if (noBrowser) console.warn(`The pictures of the README are not tried: ${noBrowser}.`);

describe.skipIf(noBrowser)('npm run pictures', () => {
  test('the scene can still be played, and makes each picture and the sound that docs/pictures has', async () => {
    const made = await playScene();
    expect([...made.keys()].toSorted()).toEqual(readdirSync(KEPT).toSorted());
    for (const [name, bytes] of made) {
      const sound = name.endsWith('.ogg');
      expect(bytes.toString('latin1', 0, 4), name).toBe(sound ? 'OggS' : '\u0089PNG');
      expect(bytes.length, name).toBeGreaterThan(sound ? SOUND_MIN_BYTES : PICTURE_MIN_BYTES);
    }
  }, 240_000);
});
