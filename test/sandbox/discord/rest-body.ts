import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { isRecord, type JsonObject, parseJson } from './json.ts';
import { halfCharacter, invalidForm, unknownBody } from './rest-error.ts';

export interface UploadedFile {
  /** Name of the form's field, such as `files[0]`. */
  readonly field: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

export interface RestBody {
  /** Undefined if there was none. */
  readonly json: unknown;
  readonly files: readonly UploadedFile[];
}

/** A body that must be an object. */
export function objectOf({ json }: Pick<RestBody, 'json'>): JsonObject {
  if (isRecord(json)) return json;
  throw invalidForm([], 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType');
}

/**
 * Reads a request's body: JSON, or a form with `payload_json` and files. (Discord, "Reference", Uploading Files.)
 * Throws for a text that was cut inside a character: Discord keeps texts as UTF-8, which half a surrogate pair has no
 * place in (discord/discord-api-docs#6561).
 */
export async function readBody(request: IncomingMessage): Promise<RestBody> {
  const body = await readContent(request);
  if (!isWhole(body.json)) throw halfCharacter();
  return body;
}

/** Whether no text in a JSON value has half a surrogate pair. */
function isWhole(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isWhole);
}

async function readContent(request: IncomingMessage): Promise<RestBody> {
  const bytes = await buffer(request);
  const type = request.headers['content-type'] ?? '';
  if (bytes.length === 0) return { json: undefined, files: [] };
  if (type.startsWith('multipart/form-data')) return readForm(bytes, type);
  const json = type.startsWith('application/json') ? parseJson(bytes.toString('utf8')) : undefined;
  if (json === undefined) throw unknownBody();
  return { json, files: [] };
}

async function readForm(bytes: Buffer, type: string): Promise<RestBody> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
    .formData()
    .catch(() => {
      throw unknownBody();
    });
  let json: unknown = {};
  const files: UploadedFile[] = [];
  for (const [field, value] of form) {
    if (typeof value !== 'string') {
      files.push({
        field,
        name: value.name,
        type: value.type,
        bytes: Buffer.from(await value.arrayBuffer()),
      });
    } else if (field === 'payload_json') {
      json = parseJson(value);
      if (json === undefined) throw unknownBody();
    }
  }
  return { json, files };
}
