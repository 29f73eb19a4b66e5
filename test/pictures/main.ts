import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { noBrowser } from '../sandbox/page/chromium.ts';
import { playScene } from './scene.ts';

/** `npm run pictures`: takes the pictures and the sound of the README anew. */

const FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));

if (noBrowser) {
  console.error(`No pictures can be taken: ${noBrowser}.`);
  process.exitCode = 1;
} else {
  console.log('Playing an evening in the sandbox, for about half a minute …');
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, bytes] of await playScene()) {
    writeFileSync(`${FOLDER}${name}`, bytes);
    console.log(`docs/pictures/${name}  ${Math.round(bytes.length / 1000)} kB`);
  }
}
