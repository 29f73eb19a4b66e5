// Protects the decoder of Fish Audio's frames: a frame that would take seconds and much memory to decode is recognised
// by a quick look. `protocol.ts` asks here before it decodes a frame.

/** Our bounds are generous: Fish's deepest event has three levels, and its largest one a few dozen values. */
const MAX_DEPTH = 16;
const MAX_VALUES = 10_000;

/**
 * For each first byte (from 0xc0) of a value that has a fixed size: how many bytes follow it.
 * Source: https://github.com/msgpack/msgpack/blob/master/spec.md.
 */
const FIXED: ReadonlyMap<number, number> = new Map([
  [0xc0, 0],
  [0xc2, 0],
  [0xc3, 0],
  [0xca, 4],
  [0xcb, 8],
  [0xcc, 1],
  [0xcd, 2],
  [0xce, 4],
  [0xcf, 8],
  [0xd0, 1],
  [0xd1, 2],
  [0xd2, 4],
  [0xd3, 8],
  [0xd4, 2],
  [0xd5, 3],
  [0xd6, 5],
  [0xd7, 9],
  [0xd8, 17],
]);

/**
 * Whether a MessagePack value is small and flat enough to be decoded quickly. For four megabytes of nested lists the
 * decoder would need 1.6 s and 500 MB, and every guild would be silent meanwhile. This function looks only at the
 * headers of the values and gives up after a few microseconds. It does not tell whether the value is well-formed.
 */
export function isCheapToDecode(data: Uint8Array): boolean {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  /** How many values are still to come, for each level of nesting. */
  const left = [1];
  let at = 0;
  let values = 0;
  for (let level = left.pop(); level !== undefined; level = left.pop()) {
    if (level === 0) continue;
    left.push(level - 1);
    values += 1;
    if (at >= data.length || values > MAX_VALUES) return false;
    const header = headerAt(view, at);
    if (!header) return false;
    at += header.bytes;
    if (header.children === 0) continue;
    if (left.length >= MAX_DEPTH) return false;
    left.push(header.children);
  }
  return at <= data.length;
}

/** The size of a value without its children, and the number of its children; undefined where the frame breaks off. */
function headerAt(view: DataView, at: number): { bytes: number; children: number } | undefined {
  const first = view.getUint8(at);
  const leaf = (bytes: number) => ({ bytes, children: 0 });
  if (first < 0x80 || first >= 0xe0) return leaf(1);
  if (first < 0x90) return { bytes: 1, children: 2 * (first & 0x0f) };
  if (first < 0xa0) return { bytes: 1, children: first & 0x0f };
  if (first < 0xc0) return leaf(1 + (first & 0x1f));
  const fixed = FIXED.get(first);
  if (fixed !== undefined) return leaf(1 + fixed);
  const length = lengthOf(view, at + 1, widthOf(first));
  if (length === undefined) return undefined;
  const bytes = 1 + widthOf(first);
  if (first >= 0xde) return { bytes, children: 2 * length };
  if (first >= 0xdc) return { bytes, children: length };
  const extType = first >= 0xc7 && first <= 0xc9 ? 1 : 0;
  return leaf(bytes + extType + length);
}

/** How many bytes the length of a value takes: 1, 2 or 4 for bin, ext and str; 2 or 4 for array and map. */
function widthOf(first: number): number {
  if (first >= 0xdc) return first % 2 === 0 ? 2 : 4;
  const order = first >= 0xd9 ? first - 0xd9 : (first - 0xc4) % 3;
  return [1, 2, 4][order] ?? 0;
}

function lengthOf(view: DataView, at: number, width: number): number | undefined {
  if (width === 0 || at + width > view.byteLength) return undefined;
  if (width === 1) return view.getUint8(at);
  return width === 2 ? view.getUint16(at) : view.getUint32(at);
}
