import { isRecord, type JsonObject, parseJson } from '../discord/json.ts';
import type { SentFile, SentValue, ToServer } from './protocol.ts';

/** What each wish must have besides its number, all of it text unless `fits` says otherwise; with `?` it may lack. */
const FIELDS: Readonly<Record<ToServer['do'], readonly string[]>> = {
  write: ['as', 'channelId', 'content', 'replyTo?', 'files?'],
  edit: ['as', 'messageId', 'content'],
  delete: ['as', 'messageId'],
  command: ['as', 'channelId', 'name', 'values'],
  complete: ['as', 'channelId', 'name', 'focused', 'values'],
  menu: ['as', 'messageId', 'name'],
  press: ['as', 'messageId', 'customId'],
  choose: ['as', 'messageId', 'customId', 'chosen'],
  submit: ['as', 'use', 'values'],
  join: ['as', 'channelId'],
  leave: ['as'],
  mute: ['as', 'muted'],
  fault: ['id', 'on'],
};

/** What a page sent, if it is a wish in order; otherwise undefined. */
export function parseWish(text: string): ToServer | undefined {
  const sent = parseJson(text);
  if (!isRecord(sent) || typeof sent['n'] !== 'number') return undefined;
  const fields = Object.entries(FIELDS).find(([name]) => name === sent['do'])?.[1];
  return fields?.every(field => has(sent, field)) ? (sent as unknown as ToServer) : undefined;
}

function has(sent: JsonObject, field: string): boolean {
  const name = field.replace('?', '');
  const value = sent[name];
  return value === undefined ? field.endsWith('?') : fits(name, value);
}

function fits(name: string, value: unknown): boolean {
  if (name === 'on' || name === 'muted') return typeof value === 'boolean';
  if (name === 'chosen') return Array.isArray(value) && value.every(one => typeof one === 'string');
  if (name === 'files') return Array.isArray(value) && value.every(isFile);
  if (name === 'values') return isRecord(value) && Object.values(value).every(isValue);
  return typeof value === 'string';
}

function isValue(value: unknown): value is SentValue {
  if (Array.isArray(value)) return value.every(one => typeof one === 'string') || value.every(isFile);
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isFile(value: unknown): value is SentFile & JsonObject {
  return isRecord(value) && ['name', 'type', 'base64'].every(name => typeof value[name] === 'string');
}
