import { hasHeader, mayBePage, OggPage } from './page.ts';

// Finds where each page of an Ogg stream begins and ends, also after damaged bytes. What is in a page is read by
// `packet-reader.ts`; `page.ts` knows the form of one page.

/** Called by `OggFraming` with the pages that it finds. The same page object may come several times. */
export interface PageReader {
  /** More of a page has come, but not all, and the page has not been checked yet. */
  partly(page: OggPage): void;
  /** The page is whole, and its CRC is right. */
  whole(page: OggPage): void;
  /** What looked like a page has a wrong CRC, or (`cut`) the bytes ended within it. */
  spoiled(page: OggPage, cut: boolean): void;
}

/**
 * After a bad page its inside is searched for the next page, because a wrong length may have covered good pages. With
 * bytes that consist only of false pages this would take quadratic time. So the number of bytes that are read again is
 * at most this many times the number that came, and `REREAD_SPARE_BYTES` more.
 */
const REREAD_FACTOR = 4;
/** This many bytes may be read again in any case; see `REREAD_FACTOR`. */
const REREAD_SPARE_BYTES = 1 << 20;

const NOTHING = new Uint8Array(0);

/**
 * Finds the pages in Ogg bytes, however these are cut up; after bytes that are no page it finds the next page. It holds
 * at most one page. A page that comes in one piece is a view of that piece.
 */
export class OggFraming {
  readonly #reader: PageReader;
  /** The last bytes, at most 281, if a page may begin there and its header is not complete. */
  #carried: Uint8Array = NOTHING;
  /** A page whose header is complete and whose body is not. */
  #open: OggPage | null = null;
  /** How many bytes since the last good page belong to no page. */
  #skipped = 0;
  /** How many bytes have come in all. */
  #received = 0;
  /** How many bytes were read again; see `REREAD_FACTOR`. */
  #reread = 0;

  constructor(reader: PageReader) {
    this.#reader = reader;
  }

  /** Whether nothing has come since the last good page. */
  get idle(): boolean {
    return this.#open === null && this.#carried.length === 0 && this.#skipped === 0;
  }

  push(bytes: Uint8Array): void {
    this.#received += bytes.length;
    const open = this.#open;
    if (open === null) {
      const input = this.#carried.length === 0 ? bytes : joined(this.#carried, bytes);
      this.#carried = NOTHING;
      this.#scan(input, 0, false);
      return;
    }
    const taken = open.fill(bytes);
    if (!open.whole) {
      this.#reader.partly(open);
      return;
    }
    this.#open = null;
    const past = this.#close(open);
    if (past === open.end) this.#scan(bytes, taken, false);
    else this.#scan(joined(open.bytes.subarray(past), bytes.subarray(taken)), 0, false);
  }

  /** Says that no more bytes will come; what is left is searched for pages. */
  end(): void {
    const open = this.#open;
    const rest = open === null ? this.#carried : open.bytes.subarray(0, open.filled);
    if (open !== null) {
      this.#reader.spoiled(open, true);
      this.#skipped += 1;
    }
    this.#open = null;
    this.#carried = NOTHING;
    this.#scan(rest, open === null ? 0 : 1, true);
  }

  #scan(bytes: Uint8Array, from: number, final: boolean): void {
    let at = from;
    while (at < bytes.length) {
      if (!mayBePage(bytes, at)) {
        at += 1;
        this.#skipped += 1;
        continue;
      }
      if (!hasHeader(bytes, at)) {
        if (!final) {
          this.#carried = bytes.slice(at);
          return;
        }
        at += 1;
        this.#skipped += 1;
        continue;
      }
      const page = new OggPage(bytes, at, this.#skipped);
      if (page.whole) {
        at = this.#close(page);
      } else if (final) {
        this.#reader.spoiled(page, true);
        at += 1;
        this.#skipped += 1;
      } else {
        this.#open = page.detach();
        this.#reader.partly(this.#open);
        return;
      }
    }
  }

  /** Checks a page that is complete, and returns where in its bytes to go on. */
  #close(page: OggPage): number {
    if (page.sound) {
      this.#skipped = 0;
      this.#reader.whole(page);
      return page.end;
    }
    this.#reader.spoiled(page, false);
    const size = page.end - page.start;
    const spent = this.#reread + size;
    const past = spent > this.#received * REREAD_FACTOR + REREAD_SPARE_BYTES ? page.end : page.start + 1;
    if (past !== page.end) this.#reread = spent;
    this.#skipped += past - page.start;
    return past;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
