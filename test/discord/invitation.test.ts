import { PermissionsBitField } from 'discord.js';
import { expect, test } from 'vitest';
import { invitation } from '../../src/discord/invitation.ts';

test('the invitation asks for what the bot needs, and for nothing that would let it govern a server', () => {
  const link = new URL(invitation('123456789012345678'));
  expect(link.origin + link.pathname).toBe('https://discord.com/oauth2/authorize');
  expect(link.searchParams.get('client_id')).toBe('123456789012345678');
  expect(link.searchParams.get('scope')).toBe('bot applications.commands');
  const asked = new PermissionsBitField(BigInt(link.searchParams.get('permissions') ?? '0'));
  expect(asked.toArray().toSorted()).toEqual([
    'Connect',
    'ReadMessageHistory',
    'SendMessages',
    'Speak',
    'ViewChannel',
  ]);
});
