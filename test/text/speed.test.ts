import { expect, test } from 'vitest';
import { speakable } from '../../src/text/speakable.ts';
import { goldenRules } from './golden-rules.ts';
import { hostileTexts } from './hostile-text.ts';

/**
 * Fifty times what Discord lets anybody write. In linear time it takes about a tenth of a second; a stage that takes
 * the square of the length would need minutes, and fails by the time-out. The bench (B14) has the exact ratio.
 */
const LENGTH = 50 * 4_000;
const TIMEOUT_MS = 60_000;

const rules = goldenRules('en', { maxBytes: 8_000, maxSeconds: 600 });

test.each([...hostileTexts(LENGTH)])(
  '%s: no stage takes the square of the length',
  (_kind, text) => {
    expect(Buffer.byteLength(speakable(text, rules).text)).toBeLessThanOrEqual(8_000);
  },
  TIMEOUT_MS,
);
