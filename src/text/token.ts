// The pieces of a message that `scan.ts` finds and `render.ts` says.

/** A piece of a message, as Discord's clients understand it: text, a mention, an emoji, a link, and so on. */
export type Token =
  | { readonly kind: 'text'; readonly text: string }
  /** The end of a line. */
  | { readonly kind: 'break' }
  | Marks
  | { readonly kind: 'code' | 'spoiler' | 'everyone' | 'here' | 'guide' }
  | { readonly kind: 'user' | 'role' | 'channel'; readonly id: string }
  | { readonly kind: 'command' | 'custom-emoji'; readonly name: string }
  /** `written` is what stands there for the emoji, if that is not the emoji itself: "<3", "♡", ":+1:". */
  | { readonly kind: 'emoji'; readonly emoji: string; readonly written?: string }
  /** A face that is drawn of signs, such as ":-)". */
  | { readonly kind: 'face'; readonly face: string }
  | { readonly kind: 'link'; readonly url: string }
  /** A timestamp: seconds since the epoch, and one of Discord's styles. */
  | { readonly kind: 'time'; readonly seconds: number; readonly style: string };

/** A run of equal signs of emphasis: the text between two such runs is bold, italic, underlined or struck out. */
export interface Marks {
  readonly kind: 'marks';
  readonly sign: string;
  /** Whether emphasis can begin with this run. */
  readonly opens: boolean;
  /** Whether emphasis can end with this run. */
  readonly closes: boolean;
  /** How many of the signs are plain text: all of them at first, and fewer when partners were found. */
  left: number;
}

/** A token that was found in a text, and the place where it ends. */
export interface Found {
  readonly token: Token;
  readonly end: number;
}
