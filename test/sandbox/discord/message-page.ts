import type { Message } from './message.ts';
import { invalidForm, type RestError } from './rest-error.ts';

/** So many messages are listed where `limit` says nothing, and so many at most. */
const [USUAL, MOST] = [50, 100];

/**
 * The part of a channel's messages for which a listing asks; `all` and what is returned have the oldest first. It is
 * the messages next to `before`, `after` or `around`, of which only one may be given, else the newest. Throws
 * RestError. (Discord, "Message", Get Channel Messages.)
 */
export function messagePage(query: URLSearchParams, all: readonly Message[]): readonly Message[] {
  const limit = limitOf(query);
  const [name, second] = (['before', 'after', 'around'] as const).filter(one => query.has(one));
  if (second)
    throw invalidForm([second], 'BASE_TYPE_BAD_VALUE', 'before, after and around exclude each other.');
  if (!name) return all.slice(-limit);
  const given = query.get(name) ?? '';
  if (!/^\d{1,19}$/.test(given)) throw notWhole(name, given, 'snowflake');
  const id = BigInt(given);
  const older = all.filter(one => BigInt(one.id) < id);
  const younger = all.filter(one => BigInt(one.id) > id);
  if (name === 'before') return older.slice(-limit);
  if (name === 'after') return younger.slice(0, limit);
  const itself = all.filter(one => one.id === given);
  const half = Math.floor((limit - itself.length) / 2);
  return [...(half > 0 ? older.slice(-half) : []), ...itself, ...younger.slice(0, half)];
}

function limitOf(query: URLSearchParams): number {
  const given = query.get('limit') ?? String(USUAL);
  if (!/^-?\d{1,6}$/.test(given)) throw notWhole('limit', given, 'int');
  const limit = Number(given);
  if (limit < 1)
    throw invalidForm(['limit'], 'NUMBER_TYPE_MIN', 'int value should be greater than or equal to 1.');
  if (limit > MOST)
    throw invalidForm(['limit'], 'NUMBER_TYPE_MAX', `int value should be less than or equal to ${MOST}.`);
  return limit;
}

function notWhole(name: string, given: string, type: string): RestError {
  return invalidForm([name], 'NUMBER_TYPE_COERCE', `Value "${given}" is not ${type}.`);
}
