import type { SentFile } from '../protocol.ts';
import { tellTrouble } from './dom.ts';

/** So much the sandbox takes at once: a little less than 24 MB, which base64 makes of it. */
const FILES_MAX_BYTES = 16 << 20;

/** Gives up a choice of files that are too large, and says so. */
export function refuseLargeFiles(): void {
  document.addEventListener(
    'change',
    ({ target }) => {
      if (!(target instanceof HTMLInputElement) || target.type !== 'file') return;
      const bytes = Array.from(target.files ?? [], ({ size }) => size).reduce((sum, size) => sum + size, 0);
      if (bytes <= FILES_MAX_BYTES) return;
      target.value = '';
      tellTrouble(`Files may have ${FILES_MAX_BYTES >> 20} MB here.`);
    },
    { capture: true }, // before others look at what was chosen
  );
}

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
