/** What Fish says in `error` about a `start`. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}
