import type { SentFile } from '../protocol.ts';

/** The files that somebody chose, as they are sent. */
export function readFiles(files: FileList | null): Promise<SentFile[]> {
  return Promise.all([...(files ?? [])].map(readFile));
}

async function readFile(file: File): Promise<SentFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCodePoint(byte);
  return { name: file.name, type: file.type, base64: btoa(binary) };
}
