import { z } from 'zod';

// What the value of a setting can be.

const MAX_VOICE_LENGTH = 64;

/** The bounds of the settings that are numbers, by name: the lowest and the highest possible value. */
export const BOUNDS = {
  // These three are the bounds of Fish Audio's `prosody` and of its sampling (its Text to Speech reference).
  speed: [0.5, 2],
  volume: [-20, 20],
  temperature: [0, 1],
  maxSeconds: [3, 120],
  leaveAfter: [5, 86_400],
  messageBytes: [20, 8_000],
  personBytesPerMinute: [0, 1_000_000],
  serverBytesPerDay: [0, 1_000_000_000],
} as const satisfies Record<string, readonly [number, number]>;
export type NumberSetting = keyof typeof BOUNDS;

export const snowflake = z.string().regex(/^\d{15,20}$/, { error: 'is not an id of Discord' });
export const voiceId = z
  .string()
  .regex(/^[\w-]+$/, { error: 'is not the id of a voice' })
  .max(MAX_VOICE_LENGTH);
export const between = ([min, max]: readonly [number, number]) => z.number().min(min).max(max);
export const whole = ([min, max]: readonly [number, number]) => z.int().min(min).max(max);
export const rangeWithin = (bounds: readonly [number, number]) =>
  z
    .tuple([between(bounds), between(bounds)])
    .refine(([low, high]) => low <= high, { error: 'has its lower bound above its upper one' });

/** Whether JavaScript's Intl accepts a locale; it would throw at others. */
export function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}
