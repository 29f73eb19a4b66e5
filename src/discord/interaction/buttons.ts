import { type APIButtonComponentWithCustomId, ButtonStyle, ComponentType } from 'discord.js';
import type { Row } from './answer.ts';

// Makes buttons, and rows of them, in the form that Discord expects. What happens when somebody presses one is decided
// by the feature that recognises its custom id (`ComponentOwner` in `answer.ts`).

interface ButtonLooks {
  readonly style?: ButtonStyle.Primary | ButtonStyle.Secondary | ButtonStyle.Success | ButtonStyle.Danger;
  readonly disabled?: boolean;
  /** A Unicode emoji, which stands before the label. */
  readonly emoji?: string;
}

/** Makes a button. `customId` is what Discord gives back when somebody presses it, at most 100 characters. */
export function button(
  customId: string,
  label: string,
  { style = ButtonStyle.Secondary, disabled = false, emoji }: ButtonLooks = {},
): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    custom_id: customId,
    label,
    style,
    disabled,
    ...(emoji !== undefined && { emoji: { name: emoji } }),
  };
}

/** Makes a row of at most five buttons. */
export function buttonRow(...buttons: readonly APIButtonComponentWithCustomId[]): Row {
  return { type: ComponentType.ActionRow, components: [...buttons] };
}
