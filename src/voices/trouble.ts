import { RECORDING_SECONDS, RecordingError } from '../audio/recording/recording.ts';
import { UserError } from '../errors.ts';
import { FishError } from '../fish/errors.ts';
import { troubleOf } from '../fish/trouble.ts';

/** What people are told about a recording that cannot be used; any other error is handed back as it is. */
export function recordingTrouble(error: unknown): unknown {
  if (!(error instanceof RecordingError)) return error;
  const { reason, format = '' } = error;
  return new UserError(`recording.${reason}`, { format, ...RECORDING_SECONDS });
}

/** What people are told when no voice could be made of their recording. */
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
