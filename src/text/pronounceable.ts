// Decides whether a text has anything in it that a voice can say. If not, there is nothing to send to Fish Audio.

/** Letters, digits, and symbols that have a name; not lines, boxes, arrows, or the signs of markup. */
const PRONOUNCEABLE =
  /[\p{L}\p{N}\p{Sc}[\p{So}--[\u2190-\u25ff\u2800-\u28ff\ufffd]][\p{Sm}--[<>\|~\u2190-\u25ff]]]/v;

/** Whether there is anything in `text` that can be said. */
export function isPronounceable(text: string): boolean {
  return PRONOUNCEABLE.test(text);
}
