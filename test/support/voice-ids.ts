import type { Stage } from './stage.ts';

/** The id of the voice with this title in the library of the sandbox's Fish Audio. Throws when there is none. */
export function idOfVoice({ fish }: Pick<Stage, 'fish'>, title: string): string {
  const voice = fish.library.voices.find(one => one.title === title);
  if (!voice) throw new Error(`no voice ${title}`);
  return voice._id;
}
