import type { FakeDiscord, FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import type { FieldValue } from '../sandbox/discord/modal-data.ts';

/** Who uses the settings panel, and where. */
export interface PanelUser {
  readonly discord: FakeDiscord;
  readonly guild: FakeGuild;
  readonly user: FakeUser;
}

/** A form of the panel: that of a group of settings, for the whole server or for one channel. */
interface PanelForm {
  readonly page: string;
  readonly group: string;
  readonly channelId?: string;
}

/** Opens the settings panel on a page. Resolves with the use that showed it. */
export async function openPanel({ discord, guild, user }: PanelUser, page: string): Promise<FakeInteraction> {
  const panel = discord.command(user, guild, 'settings panel');
  await panel.reply();
  const shown = discord.choose(user, panel, 'settings:page', [page]);
  await shown.reply();
  return shown;
}

/** Presses the button that opens a form of the panel which `shown` shows. Resolves with the use that opened it. */
export async function openForm(
  { discord, user }: PanelUser,
  shown: FakeInteraction,
  { page, group, channelId = '' }: PanelForm,
): Promise<FakeInteraction> {
  const form = discord.press(user, shown, `settings:form:${page}:${group}:${channelId}`);
  await form.firstResponse;
  return form;
}

/** Opens a form of the panel, fills it in and sends it. Resolves with the use, whose answer is the panel. */
export async function fillIn(
  by: PanelUser,
  shown: FakeInteraction,
  form: PanelForm,
  values: Readonly<Record<string, FieldValue>>,
): Promise<FakeInteraction> {
  const opened = await openForm(by, shown, form);
  const sent = by.discord.submit(by.user, opened, values);
  await sent.reply();
  return sent;
}

/** Opens the panel on a page, fills in one of its forms and sends it. */
export async function setInPanel(
  by: PanelUser,
  form: PanelForm,
  values: Readonly<Record<string, FieldValue>>,
): Promise<FakeInteraction> {
  return await fillIn(by, await openPanel(by, form.page), form, values);
}

/** The custom id of the `nth` button or menu with this label that a panel shows. */
function idOf(shown: FakeInteraction, label: string, nth = 0): string {
  const found = shown.components.filter(one => one['label'] === label || one['placeholder'] === label);
  return String(found.at(nth)?.['custom_id']);
}

/** All settings of a guild, by the file of `/settings export`. */
export async function exportedSettings({
  discord,
  guild,
  user,
}: PanelUser): Promise<Record<string, unknown>> {
  const answer = discord.command(user, guild, 'settings export');
  await answer.reply();
  return JSON.parse(String(answer.files[0]?.bytes)) as Record<string, unknown>;
}

/** Presses the button with this label, and waits until it is answered. Resolves with the use. */
export async function pressLabelled(
  discord: FakeDiscord,
  user: FakeUser,
  shown: FakeInteraction,
  { label, nth = 0 }: { readonly label: string; readonly nth?: number },
): Promise<FakeInteraction> {
  const pressed = discord.press(user, shown, idOf(shown, label, nth));
  await pressed.firstResponse;
  return pressed;
}
