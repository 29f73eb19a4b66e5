import { UserError } from '../errors.ts';
import { FishError } from '../fish/errors.ts';

/** What a user is told about a line that could not be said. */
export function explain(error: unknown): UserError {
  if (error instanceof UserError) return error;
  if (!(error instanceof FishError))
    return new UserError('Something went wrong while I was speaking. Please try again.');
  switch (error.kind) {
    case 'unauthorized':
    case 'forbidden':
      return new UserError('Fish Audio refused my key. Whoever runs me should check `FISH_API_KEY`.');
    case 'payment':
      return new UserError(
        'My Fish Audio account has no API credit left. Whoever runs me should top it up, or use `s2.1-pro-free`.',
      );
    case 'not-found':
    case 'rejected':
    case 'request':
      return new UserError('Fish Audio refused that. If you chose a voice, check that its id is right.');
    case 'rate-limit':
      return new UserError('Fish Audio is busy right now. Please try again in a moment.');
    case 'no-audio':
      return new UserError('Fish Audio had nothing to say to that. Try other words.');
    case 'server':
    case 'network':
    case 'timeout':
    case 'protocol':
    case 'closed':
      return new UserError(
        'Fish Audio is having trouble, so I could not say all of it. Please try again soon.',
      );
  }
}
