import { RECORDING_SECONDS, RecordingError } from '../audio/recording/recording.ts';
import { UserError } from '../errors.ts';
import { FishError } from '../fish/errors.ts';
import { troubleOf } from '../fish/trouble.ts';

// Finds the words for people whose recording cannot be used, or of whose recording Fish Audio made no clone (a voice).

/** The UserError that tells people what is wrong with their recording. Any other error is returned as it is. */
export function recordingTrouble(error: unknown): unknown {
  if (!(error instanceof RecordingError)) return error;
  const { reason, format = '' } = error;
  return new UserError(`recording.${reason}`, { format, ...RECORDING_SECONDS });
}

/** The UserError that tells people why no clone could be made of their recording. */
export function makingTrouble(error: unknown): UserError {
  if (!(error instanceof FishError)) return new UserError('clone.trouble');
  const trouble = troubleOf(error);
  switch (trouble) {
    case 'key':
    case 'credit':
    case 'busy':
      return new UserError(`fish.${trouble}`);
    case 'refused':
    case 'no-audio':
    case 'unknown-voice':
      return new UserError('clone.refused');
    case 'trouble':
    case 'silent':
      return new UserError('clone.trouble');
  }
}
