import { UserError } from '../errors.ts';
import { FishError } from '../fish/errors.ts';

/** What a user is told about a line that could not be said. */
export function explain(error: unknown): UserError {
  if (error instanceof UserError) return error;
  if (!(error instanceof FishError)) return new UserError('speech-failed');
  if (error.unknownVoice) return new UserError('fish.unknown-voice');
  switch (error.kind) {
    case 'unauthorized':
    case 'forbidden':
      return new UserError('fish.key');
    case 'payment':
      return new UserError('fish.credit');
    case 'not-found':
    case 'rejected':
    case 'request':
      return new UserError('fish.refused');
    case 'rate-limit':
      return new UserError('fish.busy');
    case 'no-audio':
      return new UserError('fish.no-audio');
    case 'server':
    case 'network':
    case 'timeout':
    case 'protocol':
    case 'closed':
      return new UserError('fish.trouble');
  }
}
