import { RECORDING_SECONDS, RecordingError } from '../audio/recording.ts';
import { UserError } from '../errors.ts';
import { FishError } from '../fish/errors.ts';

/** What people are told about a recording that cannot be used; any other error is handed back as it is. */
export function recordingTrouble(error: unknown): unknown {
  if (!(error instanceof RecordingError)) return error;
  const { reason, format = '' } = error;
  return new UserError(`recording.${reason}`, { format, ...RECORDING_SECONDS });
}

/** What people are told when no voice could be made of their recording. */
export function makingTrouble(error: unknown): UserError {
  if (!(error instanceof FishError)) return new UserError('clone.trouble');
  switch (error.kind) {
    case 'unauthorized':
    case 'forbidden':
      return new UserError('fish.key');
    case 'payment':
      return new UserError('fish.credit');
    case 'not-found':
    case 'rejected':
    case 'request':
    case 'no-audio':
      return new UserError('clone.refused');
    case 'rate-limit':
      return new UserError('fish.busy');
    case 'server':
    case 'network':
    case 'timeout':
    case 'protocol':
    case 'closed':
      return new UserError('clone.trouble');
  }
}
