export type JsonObject = { readonly [key: string]: unknown };

/** Whether a value is a JSON object: not null, not an array. */
export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON objects of a list; none where it is no list. */
export const recordsOf = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

/** A text, or '' where it is none. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** How Discord counts a text: in code points. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** The value that the text stands for; undefined if the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
