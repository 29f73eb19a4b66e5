import { z } from 'zod';
import { BOUNDS, between, voiceId } from './values.ts';

// Settings for how speech sounds (the manner): voice, speed, volume and the like, which a person, a channel and a
// server may each choose. Come here to add one. `discord/lines/manner.ts` decides whose choice holds for a line.

/**
 * How something is said. Where a person's value is null, the channel's holds, then the guild's, then the operator's.
 */
export const manner = {
  /** The id of the voice at Fish Audio (`reference_id`). */
  voice: voiceId.nullable(),
  speed: between(BOUNDS.speed),
  /** In dB. */
  volume: between(BOUNDS.volume),
  latency: z.enum(['low', 'balanced', 'normal']).nullable(),
  temperature: between(BOUNDS.temperature).nullable(),
};

/** The manner that a person has chosen: the voice and how it speaks. A value is null if they have not chosen it. */
export const ownManner = z.strictObject({
  ...manner,
  speed: manner.speed.nullable(),
  volume: manner.volume.nullable(),
});
export type OwnManner = Readonly<z.output<typeof ownManner>>;

/** The manner of a person who has chosen nothing. */
export const noOwnManner: OwnManner = {
  voice: null,
  speed: null,
  volume: null,
  latency: null,
  temperature: null,
};

/** The part of a person's settings that is their manner. */
export function mannerIn({ voice, speed, volume, latency, temperature }: OwnManner): OwnManner {
  return { voice, speed, volume, latency, temperature };
}
