import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { HELP_OPTION, parsed } from '../../src/terminal/command-line.ts';
import { readOrEnd } from '../support/command-line.ts';

const HELP = `npm run pictures    takes the pictures and the sound of the README anew, in the sandbox's page

It needs Debian's chromium, and overwrites docs/pictures/.

  -h, --help              this

Ends with 0 if all were taken, else with 1.
`;

const FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));

readOrEnd(HELP, () => parsed({ options: HELP_OPTION }));
const { noBrowser } = await import('../sandbox/page/chromium.ts');
if (noBrowser) {
  console.error(`No pictures can be taken: ${noBrowser}.`);
  process.exitCode = 1;
} else {
  console.log('Playing an evening in the sandbox, for about half a minute …');
  const { playScene } = await import('./scene.ts');
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, bytes] of await playScene()) {
    writeFileSync(`${FOLDER}${name}`, bytes);
    console.log(`docs/pictures/${name}  ${Math.round(bytes.length / 1000)} kB`);
  }
}
