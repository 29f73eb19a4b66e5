import type { FakeInteraction } from './interaction.ts';
import { messagePayload } from './message.ts';
import { MESSAGE_FLAG } from './message-flags.ts';
import { objectOf } from './rest-body.ts';
import { invalidWebhookToken, unknownInteraction, unknownWebhook } from './rest-error.ts';
import type { RestCall, RestRoute } from './rest-server.ts';

/**
 * Answers to interactions: the first response, its edits, further messages. The token in the path is the
 * authority; no Authorization is needed. (Discord, "Receiving and Responding", Endpoints.)
 */
export function interactionRoutes(
  applicationId: string,
  find: (token: string) => FakeInteraction | undefined,
): RestRoute[] {
  const hook = '/webhooks/:applicationId/:token';
  const message = `${hook}/messages/:messageId`;
  const interactionOf = ({ params }: RestCall) => {
    if (params['applicationId'] !== applicationId) throw unknownWebhook();
    const found = find(params['token'] ?? '');
    if (!found) throw invalidWebhookToken();
    return found;
  };
  const messageId = ({ params }: RestCall) => params['messageId'] ?? '';
  return [
    {
      method: 'POST',
      path: '/interactions/:id/:token/callback',
      open: true,
      run(call) {
        const use = find(call.params['token'] ?? '');
        if (!use || use.id !== call.params['id']) throw unknownInteraction();
        const { type, message: sent } = use.respond(objectOf(call), call.files);
        if (call.query.get('with_response') !== 'true') return undefined;
        const flags = sent?.flags ?? 0;
        return {
          interaction: {
            id: use.id,
            type: use.type,
            ...(sent && {
              response_message_id: sent.id,
              response_message_loading: (flags & MESSAGE_FLAG.loading) !== 0,
              response_message_ephemeral: (flags & MESSAGE_FLAG.ephemeral) !== 0,
            }),
          },
          resource: { type, ...(sent && { message: messagePayload(sent) }) },
        };
      },
    },
    {
      method: 'POST',
      path: hook,
      open: true,
      run: call => messagePayload(interactionOf(call).followUp(objectOf(call), call.files)),
    },
    {
      method: 'GET',
      path: message,
      open: true,
      run: call => messagePayload(interactionOf(call).get(messageId(call))),
    },
    {
      method: 'PATCH',
      path: message,
      open: true,
      run: call => messagePayload(interactionOf(call).edit(messageId(call), objectOf(call), call.files)),
    },
    {
      method: 'DELETE',
      path: message,
      open: true,
      run: call => interactionOf(call).delete(messageId(call)),
    },
  ];
}
