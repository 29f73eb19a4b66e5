import type { RawData } from 'ws';
import { isRecord, type JsonObject, parseJson } from './json.ts';
import { Close, ProtocolViolation } from './voice-codes.ts';

/** What a client sent: JSON `{op, d}` or binary `uint8 op | payload`. */
export type ClientFrame =
  | { readonly kind: 'json'; readonly op: number; readonly data: JsonObject }
  | { readonly kind: 'binary'; readonly op: number; readonly payload: Buffer };

/** Reads a WebSocket message; throws a 4002 violation where it is not a voice gateway frame. */
export function readFrame(message: RawData, isBinary: boolean): ClientFrame {
  const bytes = toBuffer(message);
  if (isBinary) {
    if (bytes.length === 0) throw undecodable('empty binary frame');
    return { kind: 'binary', op: bytes.readUInt8(), payload: bytes.subarray(1) };
  }
  const packet = parseJson(bytes.toString());
  if (!isRecord(packet) || typeof packet['op'] !== 'number') throw undecodable('no opcode');
  if (!isRecord(packet['d'])) throw undecodable('no data');
  return { kind: 'json', op: packet['op'], data: packet['d'] };
}

/** All three shapes in which ws may give a message. */
function toBuffer(message: RawData): Buffer {
  if (Buffer.isBuffer(message)) return message;
  return Array.isArray(message) ? Buffer.concat(message) : Buffer.from(message);
}

/** A field that must be a non-empty string. */
export function text(data: JsonObject, field: string): string {
  const value = data[field];
  if (typeof value !== 'string' || value === '') throw undecodable(`${field} is not a string`);
  return value;
}

/** A field that must be an integer. */
export function integer(data: JsonObject, field: string): number {
  const value = data[field];
  if (typeof value !== 'number' || !Number.isInteger(value)) throw undecodable(`${field} is not an integer`);
  return value;
}

/** A field that must be an object. */
export function object(data: JsonObject, field: string): JsonObject {
  const value = data[field];
  if (!isRecord(value)) throw undecodable(`${field} is not an object`);
  return value;
}

function undecodable(what: string): ProtocolViolation {
  return new ProtocolViolation(Close.undecodable, `Failed to decode payload: ${what}`);
}
