import type {
  APIActionRowComponent,
  APIComponentInMessageActionRow,
  APIMessageTopLevelComponent,
} from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import type { VoiceMessage } from '../../speech/sound-file.ts';
import type { ComponentInteraction } from './interaction.ts';

// The kinds of answer that a command, button or form returns: a text, a text with files or buttons, a view, or a voice
// message. `gateway/reply.ts` sends them. A feature that has buttons or forms of its own is described here too, as
// `ComponentOwner`.

/** A row of buttons, or one menu, below the text of a message. */
export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** A message that can be found again: its id, and the id of its channel. */
export interface MessageRef {
  readonly id: string;
  readonly channelId: string;
}

/**
 * What the bot answers to an interaction: a text, a text with files or with buttons, a view made of Discord's
 * Components V2, or a voice message. No answer ever pings anybody, whatever it mentions.
 *
 * A view or a text with buttons that answers a press takes the place of the message whose button was pressed; any
 * other answer is a message of its own.
 */
export type Answer =
  | string
  | { readonly text: string; readonly files: readonly AnswerFile[] }
  | TextWithRows
  /** With `anew`, the view is a message of its own also when it answers a press. */
  | { readonly view: readonly APIMessageTopLevelComponent[]; readonly anew?: boolean }
  /**
   * A voice message, which everybody in the channel can hear. Where Discord does not accept voice messages, it is
   * sent as a file together with the text `otherwise`.
   */
  | { readonly voice: VoiceMessage; readonly otherwise: string };

/** A text with rows of buttons below it; without rows it takes the buttons away when it answers a press. */
export interface TextWithRows {
  readonly text: string;
  readonly rows: readonly Row[];
  /** Called with the message that shows the text, but not when it takes the place of another one. */
  readonly onShown?: (message: MessageRef) => void;
}

interface AnswerFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** One of the values that Discord offers while somebody types an option. */
export interface Choice {
  readonly name: string;
  readonly value: string;
}

/**
 * A feature that shows buttons, menus or forms and answers when people use them. It recognises them by their custom
 * id, so that those which were shown before a restart still work.
 */
export interface ComponentOwner {
  /** The name of the feature in the log. */
  readonly name: string;
  /** True when only people who may manage the guild can use its components. */
  readonly admin?: boolean;
  owns(customId: string): boolean;
  /** Whether the use of the component with this custom id, which belongs to the feature, opens a form. */
  opensForm?(customId: string): boolean;
  /** Answers one use. Null means that the feature has answered by itself, for example with a form. */
  answer(interaction: ComponentInteraction, t: Translate): Promise<Answer | null>;
}
