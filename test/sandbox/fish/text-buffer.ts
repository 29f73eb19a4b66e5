/** Text waits here until there is enough of it, as on Fish's side. Lengths are characters. */
export class TextBuffer {
  #text = '';
  readonly #chunkLength: number;
  readonly #minChunkLength: number;

  constructor(chunkLength: number, minChunkLength: number) {
    this.#chunkLength = chunkLength;
    this.#minChunkLength = minChunkLength;
  }

  /**
   * Adds text and takes what is due: nothing before `chunk_length` is reached, then up to the last sentence
   * that ends past `min_chunk_length`, else the last space. Fish's own rule for the cut is not documented.
   */
  push(text: string): string[] {
    this.#text += text;
    const due: string[] = [];
    while (this.#text.length >= this.#chunkLength) due.push(this.#cut());
    return due;
  }

  /** Takes all the rest: '' if there is nothing to say in it. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    return text.trim() === '' ? '' : text;
  }

  /** As `take`, but the last sentence is lost. */
  takeWithoutLastSentence(): string {
    this.#text = this.#text.slice(0, lastSentenceEnd(this.#text.trimEnd()));
    return this.take();
  }

  #cut(): string {
    const head = this.#text.slice(0, this.#chunkLength);
    const sentence = lastSentenceEnd(head);
    const space = head.lastIndexOf(' ') + 1;
    let at = sentence > this.#minChunkLength ? sentence : space || head.length;
    // Never between the halves of a surrogate pair.
    if (/[\uD800-\uDBFF]$/.test(head.slice(0, at))) at -= 1;
    const chunk = this.#text.slice(0, at);
    this.#text = this.#text.slice(at);
    return chunk;
  }
}

/** The index after the last sentence of `text` that is followed by something; 0 without one. */
function lastSentenceEnd(text: string): number {
  let end = 0;
  for (const match of text.matchAll(/[.!?…。！？]+\s*/gu)) {
    if (match.index + match[0].length < text.length || /\s$/u.test(match[0]))
      end = match.index + match[0].length;
  }
  return end;
}
