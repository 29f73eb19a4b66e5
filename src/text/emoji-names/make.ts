import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LANGUAGES } from '../language.ts';

/**
 * A program for developers: `node src/text/emoji-names/make.ts` writes the names of emoji anew, from Unicode's CLDR,
 * which it downloads from npm. The files that it writes are part of the repository, with CLDR's own licence beside
 * them.
 */

const VERSION = '48.2.0';
/** The packages of CLDR, each with the directory and key in which it has the names. */
const SOURCES = [
  ['cldr-annotations-full', 'annotations'],
  ['cldr-annotations-derived-full', 'annotationsDerived'],
] as const;

const IS_EMOJI = /\p{Extended_Pictographic}|\p{RI}{2}|\u20e3/u;
const SKIN_TONE = /\p{Emoji_Modifier}/u;

type Annotations = Record<string, { annotations: Record<string, { tts?: readonly string[] }> }>;

const scratch = mkdtempSync(join(tmpdir(), 'emoji-names-'));
try {
  for (const [name] of SOURCES) {
    execFileSync('npm', ['pack', '--silent', `${name}@${VERSION}`], { cwd: scratch });
    mkdirSync(join(scratch, name));
    execFileSync('tar', ['xzf', `${name}-${VERSION}.tgz`, '-C', name], { cwd: scratch });
  }
  for (const language of LANGUAGES) {
    const names = new Map<string, string>();
    for (const [name, part] of SOURCES) {
      const path = join(scratch, name, 'package', part, language, 'annotations.json');
      const found = (JSON.parse(readFileSync(path, 'utf8')) as Annotations)[part]?.annotations ?? {};
      for (const [emoji, { tts }] of Object.entries(found)) {
        const plain = emoji.replaceAll('\ufe0f', '');
        if (tts?.[0] !== undefined && IS_EMOJI.test(plain) && !SKIN_TONE.test(plain))
          names.set(plain, tts[0].normalize('NFC'));
      }
    }
    const json = JSON.stringify(Object.fromEntries(names), null, 2);
    writeFileSync(new URL(`${language}.json`, import.meta.url), `${json}\n`);
  }
  cpSync(join(scratch, SOURCES[0][0], 'package', 'LICENSE'), new URL('LICENSE', import.meta.url));
} finally {
  rmSync(scratch, { recursive: true });
}
