import { PermissionFlagsBits } from 'discord.js';

// Makes the address by which people invite the bot into their servers. What the bot is allowed to do there is asked for
// here, in `PERMISSIONS`.

/** What the bot needs to see channels, to answer in them, and to speak. */
const PERMISSIONS =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.Connect |
  PermissionFlagsBits.Speak;

/** The address by which somebody invites the bot with this application id into a server of theirs. */
export function invitation(applicationId: string): string {
  const link = new URL('https://discord.com/oauth2/authorize');
  link.searchParams.set('client_id', applicationId);
  link.searchParams.set('permissions', String(PERMISSIONS));
  link.searchParams.set('scope', 'bot applications.commands');
  return link.href;
}
