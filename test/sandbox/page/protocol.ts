/**
 * What the sandbox's server and its pages tell each other over their WebSocket, as JSON; sound goes as binary frames
 * (see `sound-frame.ts`). There are only types here, so that both sides can use them. Times are in milliseconds.
 */

/** Somebody in the server: a person, or the bot. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly bot: boolean;
  /** The language of their client, such as `ja`. */
  readonly locale: string;
  /** Where they are in voice; null for nowhere. `muted` is by themselves, `silenced` by a moderator. */
  readonly voice: { readonly channelId: string; readonly muted: boolean; readonly silenced: boolean } | null;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  /** Discord's number of its type. */
  readonly type: number;
  readonly voice: boolean;
  /** What stands below the name of a voice channel; null for nothing. */
  readonly status: string | null;
}

interface Role {
  readonly id: string;
  readonly name: string;
}

/** A text of the bot, and what it is in the languages of the people here, such as `ja`. */
export interface Words {
  readonly text: string;
  readonly translated: Readonly<Record<string, string>>;
}

export interface CommandOption {
  readonly name: string;
  readonly description: Words;
  /** Discord's number of its type. */
  readonly type: number;
  readonly required: boolean;
  readonly autocomplete: boolean;
  readonly choices: readonly { readonly name: Words; readonly value: string | number }[];
  /** Discord's numbers of the types of channels that may be chosen; none for all. */
  readonly channelTypes: readonly number[];
  readonly least: number | null;
  readonly most: number | null;
}

/** A command that the bot has registered; a subcommand stands as a command of its own, such as "voice set". */
export interface Command {
  readonly name: string;
  /** The name as people read it. */
  readonly label: Words;
  readonly description: Words;
  /** `message`: it is in the menu of a message. */
  readonly kind: 'chat' | 'message';
  readonly options: readonly CommandOption[];
  /** Ids of the people who see it. */
  readonly seenBy: readonly string[];
}

export interface PageFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

/** Somebody's reaction below a message: an emoji, and the names of those who gave it. */
export interface PageReaction {
  readonly emoji: string;
  readonly names: readonly string[];
}

/** A message as a page shows it. */
export interface PageMessage {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly author: string;
  readonly bot: boolean;
  /** Of the clock, in ISO 8601. */
  readonly at: string;
  readonly edited: boolean;
  readonly content: string;
  readonly embeds: readonly unknown[];
  /** As in Discord's API; the page looks at them with care. */
  readonly components: readonly unknown[];
  readonly files: readonly PageFile[];
  /** The bot is still thinking. */
  readonly loading: boolean;
  /** Only this person sees it. */
  readonly onlyFor: string | null;
  /** Which use of the bot it answers, such as "/say". */
  readonly answers: { readonly who: string; readonly what: string } | null;
  /** The message to which it replies. */
  readonly replyTo: { readonly author: string; readonly content: string } | null;
  readonly reactions: readonly PageReaction[];
}

/** What Fish Audio was asked to say once, and what became of it. Times count from `from`. */
export interface Line {
  readonly id: number;
  /** What made the bot say it, as far as it can be seen from outside. */
  readonly cause: { readonly who: string; readonly what: string } | null;
  /** What Fish Audio was asked to say. */
  readonly text: string;
  readonly voice: string;
  readonly bytes: number;
  readonly usd: number;
  readonly textAt: number;
  readonly firstAudioAt: number | null;
  readonly finishedAt: number | null;
  readonly firstHeardAt: number | null;
  readonly lastHeardAt: number | null;
  /** Where nothing of it was heard for a while: after how many heard packets, and how long. */
  readonly pauses: readonly { readonly after: number; readonly ms: number }[];
  /** How long it has lasted until now. */
  readonly elapsed: number;
  /** Packets that Fish Audio sent, and those of them that were heard. */
  readonly sent: number;
  readonly heard: number;
  /** Each packet that was heard is byte for byte the one that Fish Audio sent, and none is missing between. */
  readonly exact: boolean;
  /** Each packet that was heard had come end-to-end encrypted. */
  readonly encrypted: boolean;
  /** How it ended: `finish`, `error`, `client-closed`, `server-closed`; null while it goes on. */
  readonly ended: string | null;
  readonly over: boolean;
  /** How loud each heard packet is, 0 to 255; only where a page is told all. Later ones come with the sound. */
  readonly levels?: readonly number[];
}

/** Something that can go wrong, as a switch, or as a button where it happens `once`. */
export interface Fault {
  readonly id: string;
  readonly label: string;
  readonly about: string;
  readonly once: boolean;
  readonly on: boolean;
}

/** All but messages, lines and commands. */
export interface Place {
  readonly server: string;
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly roles: readonly Role[];
  readonly faults: readonly Fault[];
  /** `waiting`: it has not logged in yet. */
  readonly bot: 'none' | 'waiting' | 'ready' | 'ended';
}

export interface All {
  readonly kind: 'all';
  readonly place: Place;
  readonly commands: readonly Command[];
  readonly messages: readonly PageMessage[];
  readonly lines: readonly Line[];
}

export interface Suggestion {
  readonly name: string;
  readonly value: string | number;
}

/** A form (modal) that the bot shows to one person; `data` is as in Discord's API. */
export interface ShownForm {
  readonly use: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The answer to what a page wanted, by its number. `why` is there where it could not be done. */
export interface Answer {
  readonly kind: 'answer';
  readonly n: number;
  readonly why?: string;
  readonly form?: ShownForm;
  readonly suggestions?: readonly Suggestion[];
}

export type ToPage =
  | All
  | Answer
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'commands'; readonly commands: readonly Command[] }
  | { readonly kind: 'message'; readonly message: PageMessage }
  | { readonly kind: 'gone'; readonly ids: readonly string[] }
  | { readonly kind: 'line'; readonly line: Line };

/** A file that somebody adds; its bytes in base64. */
export interface SentFile {
  readonly name: string;
  readonly type: string;
  readonly base64: string;
}

export type SentValue = string | number | boolean | readonly string[] | readonly SentFile[];

export type SentValues = Readonly<Record<string, SentValue>>;

/** What a page wants; `as` is the id of the person who does it. */
export type Wish =
  | {
      readonly do: 'write';
      readonly as: string;
      readonly channelId: string;
      readonly content: string;
      /** Id of the message that it answers. */
      readonly replyTo?: string;
      readonly files?: readonly SentFile[];
    }
  | { readonly do: 'edit'; readonly as: string; readonly messageId: string; readonly content: string }
  | { readonly do: 'delete'; readonly as: string; readonly messageId: string }
  | {
      readonly do: 'command';
      readonly as: string;
      readonly channelId: string;
      readonly name: string;
      readonly values: SentValues;
    }
  | {
      readonly do: 'complete';
      readonly as: string;
      readonly channelId: string;
      readonly name: string;
      readonly focused: string;
      readonly values: SentValues;
    }
  | { readonly do: 'menu'; readonly as: string; readonly messageId: string; readonly name: string }
  | { readonly do: 'press'; readonly as: string; readonly messageId: string; readonly customId: string }
  | {
      readonly do: 'choose';
      readonly as: string;
      readonly messageId: string;
      readonly customId: string;
      readonly chosen: readonly string[];
    }
  | { readonly do: 'submit'; readonly as: string; readonly use: string; readonly values: SentValues }
  | { readonly do: 'join'; readonly as: string; readonly channelId: string }
  | { readonly do: 'leave'; readonly as: string }
  | { readonly do: 'mute'; readonly as: string; readonly muted: boolean }
  | { readonly do: 'fault'; readonly id: string; readonly on: boolean };

/** A wish with its number, by which it is answered. */
export type ToServer = Wish & { readonly n: number };
