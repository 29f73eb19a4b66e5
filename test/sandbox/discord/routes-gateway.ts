import type { DiscordFaults } from './faults.ts';
import type { Sharding } from './identify-limit.ts';
import type { RestRoute } from './rest-server.ts';
import { type FakeUser, userPayload } from './user.ts';

const SESSIONS_A_DAY = 1_000;
const DAY_MS = 86_400_000;

/** Where the gateway is, and who the bot is. (Discord, "Gateway", Get Gateway Bot; "Application"; "User".) */
export function gatewayRoutes(
  bot: FakeUser,
  faults: DiscordFaults,
  sharding: Sharding,
  url: () => string,
  identifies: () => number,
): RestRoute[] {
  const application = () => ({
    id: bot.id,
    name: bot.name,
    description: '',
    icon: null,
    summary: '',
    bot_public: true,
    bot_require_code_grant: faults.requiresCodeGrant ?? false,
    verify_key: '0'.repeat(64),
    flags: faults.messageContentIntent ? 1 << 19 : 0,
    approximate_guild_count: 0,
    owner: { ...userPayload(bot), bot: false },
    team: null,
    bot: userPayload(bot),
  });
  return [
    { method: 'GET', path: '/gateway', open: true, run: () => ({ url: url() }) },
    {
      method: 'GET',
      path: '/gateway/bot',
      run() {
        return {
          url: url(),
          shards: sharding.shards,
          session_start_limit: {
            total: SESSIONS_A_DAY,
            remaining: faults.noLoginsLeft ? 0 : SESSIONS_A_DAY - identifies(),
            reset_after: DAY_MS,
            max_concurrency: sharding.maxConcurrency,
          },
        };
      },
    },
    { method: 'GET', path: '/applications/@me', run: application },
    { method: 'GET', path: '/oauth2/applications/@me', run: application },
    { method: 'GET', path: '/users/@me', run: () => userPayload(bot) },
  ];
}
