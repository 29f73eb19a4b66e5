import type { APIMessageTopLevelComponent } from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import type { VoiceMessage } from '../../speech/sound-file.ts';
import type { ComponentInteraction } from './interaction.ts';

/** What goes out: a text, a text with files, a panel of Components V2, or a voice message. Nothing in it ever pings anybody. */
export type Answer =
  | string
  | { readonly text: string; readonly files: readonly AnswerFile[] }
  | { readonly view: readonly APIMessageTopLevelComponent[] }
  /** For everybody. `otherwise`: the words with which it goes as a file where Discord takes no voice message. */
  | { readonly voice: VoiceMessage; readonly otherwise: string };
interface AnswerFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A value offered while an option is typed. */
export interface Choice {
  readonly name: string;
  readonly value: string;
}

/** Something whose buttons, menus and forms people press, choose from and send in, also after a restart. */
export interface ComponentOwner {
  /** For logs. */
  readonly name: string;
  /** For those who may manage the server. */
  readonly admin?: boolean;
  owns(customId: string): boolean;
  /** Null: it has answered by itself. */
  answer(interaction: ComponentInteraction, t: Translate): Promise<Answer | null>;
}
