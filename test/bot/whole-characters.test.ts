import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import { asText, formAsText } from '../support/components-as-text.ts';
import { managedGuild } from '../support/managed-guild.ts';
import { fillIn, openForm, openPanel, type PanelUser, pressLabelled } from '../support/panel.ts';
import { type Stage, startStage } from '../support/stage.ts';

/** Discord answers 500 to whatever has half a character in it, and the caller would see no answer at all. */

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage({}, discord => {
    ana = discord.addUser('Ana');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

function byAna(): PanelUser {
  const { discord } = stage;
  return { discord, guild: managedGuild(discord, { name: 'Wide', manager: ana }), user: ana };
}

const press = (shown: FakeInteraction, label: string) => pressLabelled(stage.discord, ana, shown, { label });

test('a search for more than a button holds is cut between whole characters', async () => {
  const { discord, guild } = byAna();
  const query = `english a${'😀'.repeat(36)}`;
  const search = discord.command(ana, guild, 'voice search', { query });
  expect(await search.reply()).toContain('page 1 of');
  const [, next] = search.components.filter(one => String(one['custom_id']).startsWith('voices:page:'));
  expect(next?.['custom_id']).toBe(`voices:page:2:english a${'😀'.repeat(35)}`);
});

test('so is a search in the panel', async () => {
  const picker = await press(await openPanel(byAna(), 'voice'), 'Choose');
  const value = `english a${'😀'.repeat(21)}`;
  const found = stage.discord.submit(ana, await press(picker, 'Search'), { value });
  await found.reply();
  const shown = asText(found.message?.fields['components']);
  expect(shown).toContain(`english a${'😀'.repeat(20)}`);
  expect(shown).not.toContain('😀'.repeat(21));
});

test('a form of the panel opens with all that was saved', async () => {
  const by = byAna();
  const skipPrefix = `a${'😀'.repeat(39)}`;
  const form = { page: 'reading', group: 'messages' };
  const saved = await fillIn(by, await openPanel(by, 'reading'), form, { skipPrefix });
  const { body } = await (await openForm(by, saved, form)).firstResponse;
  expect(formAsText(body['data'] as object)).toContain(`|${skipPrefix}|`);
});
