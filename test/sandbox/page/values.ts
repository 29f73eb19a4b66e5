import type { NewAttachment } from '../discord/attachment.ts';
import type { OptionValue } from '../discord/command-data.ts';
import { COMPONENT } from '../discord/component.ts';
import type { Choice } from '../discord/component-data.ts';
import type { FieldValue } from '../discord/modal-data.ts';
import { OPTION } from '../discord/option-type.ts';
import type { Servers } from '../world.ts';
import type { SentFile, SentValue } from './protocol.ts';

/** Options that stand for a person, a role or a channel. */
const NAMED_OPTIONS: readonly number[] = [OPTION.user, OPTION.channel, OPTION.role, OPTION.mentionable];

/** The value of a command's option, of what a page sent: ids become who they stand for. */
export function optionValue(world: Servers, type: number, sent: SentValue): OptionValue {
  if (NAMED_OPTIONS.includes(type)) return named(world, plain(sent));
  if (type === OPTION.integer || type === OPTION.number) return Number(sent);
  if (type === OPTION.boolean) return sent === true || sent === 'true';
  if (type !== OPTION.attachment) return plain(sent);
  const [file] = filesOf(sent);
  if (!file) throw new Error('choose a file first');
  return file;
}

/** What is chosen in a select of that type. */
export function choices(world: Servers, type: unknown, chosen: readonly string[]): Choice[] {
  return type === COMPONENT.stringSelect ? [...chosen] : chosen.map(id => named(world, id));
}

/** The value of a form's field of that type. */
export function fieldValue(world: Servers, type: unknown, sent: SentValue): FieldValue {
  if (type === COMPONENT.textInput) return plain(sent);
  if (type === COMPONENT.checkbox) return sent === true;
  if (type === COMPONENT.fileUpload) return filesOf(sent);
  const chosen = [sent].flat().map(String);
  const group = type === COMPONENT.radioGroup || type === COMPONENT.checkboxGroup;
  return group ? chosen : choices(world, type, chosen);
}

/** A text; '' for what is none. */
function plain(sent: SentValue): string {
  return typeof sent === 'object' ? '' : String(sent);
}

/** The files among what a page sent. */
export function filesOf(sent: SentValue): NewAttachment[] {
  const list: readonly unknown[] = Array.isArray(sent) ? sent : [];
  const files = list.filter((one): one is SentFile => typeof one === 'object');
  return files.map(({ name, type, base64 }) => ({
    name,
    contentType: type || undefined,
    bytes: Buffer.from(base64, 'base64'),
  }));
}

/** The person, role or channel of that id. */
function named({ guild }: Servers, id: string): Exclude<Choice, string> {
  const found = guild.members.get(id)?.user ?? guild.roles.get(id) ?? guild.channels.get(id);
  if (!found) throw new Error('nobody and nothing of that id is here');
  return found;
}
