import { UserError } from '../errors.ts';

/** Fish Audio bills UTF-8 bytes; one message may cost this many. */
const MAX_MESSAGE_BYTES = 1_000;

/** The UTF-8 bytes of `text`. Throws a UserError when it is more than one message may cost. */
export function countBytes(text: string): number {
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes > MAX_MESSAGE_BYTES) {
    const count = (n: number) => n.toLocaleString('en');
    throw new UserError(
      `That is too long for me: ${count(bytes)} bytes, and I say at most ${count(MAX_MESSAGE_BYTES)} at once. Please split it up.`,
    );
  }
  return bytes;
}
