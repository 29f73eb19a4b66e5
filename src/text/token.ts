/** A piece of a message, as Discord's clients understand it. */
export type Token =
  | { readonly kind: 'text'; readonly text: string }
  /** A new line. */
  | { readonly kind: 'break' }
  | Marks
  | { readonly kind: 'code' | 'spoiler' | 'everyone' | 'here' | 'guide' }
  | { readonly kind: 'user' | 'role' | 'channel'; readonly id: string }
  | { readonly kind: 'command' | 'custom-emoji'; readonly name: string }
  | { readonly kind: 'emoji'; readonly emoji: string }
  /** Drawn of signs. */
  | { readonly kind: 'face'; readonly face: string }
  | { readonly kind: 'link'; readonly url: string }
  /** Seconds since the epoch, and one of Discord's styles. */
  | { readonly kind: 'time'; readonly seconds: number; readonly style: string };

/** A run of signs that may make what is between it and another bold, italic, underlined or struck out. */
export interface Marks {
  readonly kind: 'marks';
  readonly sign: string;
  readonly opens: boolean;
  readonly closes: boolean;
  /** How many of them are text; fewer once they have found their partners. */
  left: number;
}

/** A token, and where in the text it ends. */
export interface Found {
  readonly token: Token;
  readonly end: number;
}
