import { CALLBACK } from './interaction-kind.ts';
import { isRecord, type JsonObject } from './json.ts';
import type { RestRecord } from './rest-server.ts';

/** A message that the bot sent or changed, as it left. */
export interface Outgoing {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The message alone: `data` of a first response. */
  readonly message: JsonObject;
  readonly files: RestRecord['files'];
}

const MESSAGES = /^\/(?:channels\/\d+\/messages|webhooks\/\d+\/[^/]+)(?:\/|$)/u;
const CALLBACKS = /^\/interactions\/\d+\/[^/]+\/callback$/u;
const WITH_MESSAGE: readonly unknown[] = [CALLBACK.message, CALLBACK.update];

/** Of all REST calls those that carried a message, refused ones too: posts, replies, follow-ups, edits. */
export function outgoing(records: readonly RestRecord[]): Outgoing[] {
  return records.flatMap(({ method, path, status, body, files }) => {
    if (method !== 'POST' && method !== 'PATCH') return [];
    if (!isRecord(body)) return [];
    const sent = { method, path, status, files };
    if (MESSAGES.test(path)) return [{ ...sent, message: body }];
    if (!CALLBACKS.test(path) || !WITH_MESSAGE.includes(body['type'])) return [];
    return [{ ...sent, message: isRecord(body['data']) ? body['data'] : {} }];
  });
}
