import { z } from 'zod';
import { noOwnManner, ownManner } from './manner.ts';
import { voiceId } from './values.ts';

// What a person may choose for themselves in a server, such as voice and spoken name, and which values are allowed.
// What the server decides is in `guild.ts` and `channel.ts`; voice, speed and volume (the manner) are in `manner.ts`.

export const MAX_FAVOURITES = 10;
/** How many of the voices that a person has chosen last are remembered. */
export const MAX_CHOSEN = 10;
/** The most UTF-16 units of a spoken name, which is Discord's own limit for display names. */
const MAX_SPOKEN_NAME = 32;

/** What one person has chosen for themselves in one guild; a value is null if they have not chosen it. */
export const personSettings = z.strictObject({
  ...ownManner.shape,
  /** The manner that the person had before they last changed it, for `/voice undo`. */
  before: ownManner.nullable(),
  /** The voices that the person has marked as favourites, the latest first. */
  favourites: z.array(voiceId).max(MAX_FAVOURITES),
  /** The voices that the person has chosen last, the latest first; the present one is among them. */
  chosen: z.array(voiceId).max(MAX_CHOSEN),
  /** How the person's name is spoken; null means as it is written. */
  name: z.string().min(1).max(MAX_SPOKEN_NAME).nullable(),
  /** Whether the bot comes when the person enters a voice channel, where the guild's setting `follow` allows it. */
  follow: z.boolean(),
});
export type PersonSettings = Readonly<z.output<typeof personSettings>>;

/** The settings of a person who has chosen nothing. */
export const personDefaults: PersonSettings = {
  ...noOwnManner,
  before: null,
  favourites: [],
  chosen: [],
  name: null,
  follow: false,
};
