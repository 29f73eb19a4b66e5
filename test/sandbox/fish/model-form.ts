import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { audioKind } from './audio-kind.ts';
import type { NewVoice, VoiceFile } from './library.ts';
import type { ModelChange, Visibility } from './model-entity.ts';
import { badRequest, invalid } from './rest-answer.ts';

const VISIBILITIES: readonly Visibility[] = ['public', 'unlist', 'private'];
const MOST_FILES = 20;

/** The fields of a form, or of a JSON object: each as a list, since it may be given more than once. */
export type Fields = ReadonlyMap<string, readonly (string | File)[]>;

/** Throws 400, in plain text, for a body that cannot be read. */
export async function readFields(request: IncomingMessage): Promise<Fields> {
  const type = request.headers['content-type'] ?? '';
  const fields = new Map<string, (string | File)[]>();
  try {
    const bytes = await buffer(request);
    if (type.startsWith('application/json')) {
      for (const [name, value] of Object.entries(JSON.parse(bytes.toString('utf8')) as object))
        if (value !== null) fields.set(name, Array.isArray(value) ? value.map(String) : [String(value)]);
    } else {
      const body = new Response(new Uint8Array(bytes), { headers: { 'content-type': type } });
      for (const [name, value] of await body.formData())
        fields.set(name, [...(fields.get(name) ?? []), value]);
    }
  } catch {
    throw badRequest('Failed to parse the request body'); // whatever is wrong with it
  }
  return fields;
}

/** A `POST /model`. Throws 422 for what Fish's OpenAPI document does not allow. */
export async function newVoice(fields: Fields): Promise<NewVoice> {
  for (const name of ['type', 'title', 'train_mode', 'voices'])
    if (!fields.get(name)?.some(value => value !== ''))
      throw invalid('body', name, 'missing', 'Field required');
  constant(fields, 'type', 'tts');
  constant(fields, 'train_mode', 'fast');
  const files = fields.get('voices') ?? [];
  if (files.length > MOST_FILES)
    throw invalid('body', 'voices', 'too_long', `List should have at most ${MOST_FILES} items`);
  const texts = list(fields, 'texts') ?? [];
  if (texts.length > MOST_FILES)
    throw invalid('body', 'texts', 'too_long', `List should have at most ${MOST_FILES} items`);
  for (const name of ['enhance_audio_quality', 'generate_sample'])
    if (!['true', 'false', undefined].includes(text(fields, name)))
      throw invalid('body', name, 'bool_parsing', 'Input should be a valid boolean');
  const visibility = visibilityOf(fields) ?? 'public';
  if (visibility === 'public' && !(fields.get('cover_image')?.[0] instanceof File))
    throw badRequest('cover_image is required for a public model');
  return {
    title: text(fields, 'title') ?? '',
    description: text(fields, 'description') ?? '',
    visibility,
    tags: list(fields, 'tags') ?? [],
    voices: await Promise.all(files.map(voiceFile)),
    texts,
  };
}

/** A `PATCH /model/{id}`: what stands in it. */
export function modelChange(fields: Fields): ModelChange {
  const [title, description] = [text(fields, 'title'), text(fields, 'description')];
  const [visibility, tags] = [visibilityOf(fields), list(fields, 'tags')];
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(visibility && { visibility }),
    ...(tags && { tags }),
  };
}

async function voiceFile(file: string | File): Promise<VoiceFile> {
  if (typeof file === 'string') throw invalid('body', 'voices', 'bytes_type', 'Input should be a valid file');
  const bytes = Buffer.from(await file.arrayBuffer());
  const kind = audioKind(bytes);
  if (!kind) throw badRequest('Invalid audio file');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name: file.name, type: file.type, kind, bytes: bytes.length, sha256 };
}

function text(fields: Fields, name: string): string | undefined {
  const value = fields.get(name)?.at(-1);
  return typeof value === 'string' ? value : undefined;
}

function list(fields: Fields, name: string): string[] | undefined {
  return fields.get(name)?.filter(value => typeof value === 'string');
}

function constant(fields: Fields, name: string, value: string): void {
  if (text(fields, name) !== value)
    throw invalid('body', name, 'literal_error', `Input should be '${value}'`);
}

function visibilityOf(fields: Fields): Visibility | undefined {
  const given = text(fields, 'visibility');
  const known = VISIBILITIES.find(each => each === given);
  if (given !== undefined && !known)
    throw invalid('body', 'visibility', 'literal_error', "Input should be 'public', 'unlist' or 'private'");
  return known;
}
