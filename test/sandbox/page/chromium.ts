import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's, which `.ci/run` installs. */
const PATH = '/usr/bin/chromium';

/** Why there can be no test in a browser; null if there can be. In CI there is no excuse. */
export const noBrowser: string | null =
  existsSync(PATH) || process.env['CI'] ? null : `there is no ${PATH} (apt-get install chromium)`;

/** Starts a browser with a profile of its own, which asks nothing of the network but what it is told to. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: PATH,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-background-networking'],
  });
}
