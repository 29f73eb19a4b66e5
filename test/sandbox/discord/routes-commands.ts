import { checkCommands } from './command-rules.ts';
import { isRecord, type JsonObject } from './json.ts';
import { missingAccess } from './rest-error.ts';
import type { RestCall, RestRoute } from './rest-server.ts';

interface CommandRoutesOptions {
  readonly applicationId: string;
  readonly nextId: () => string;
  readonly registered: () => readonly object[];
  readonly register: (commands: readonly object[]) => void;
}

/** An option as Discord stores it: what is false or empty is left out. */
function storedOption(option: JsonObject): object {
  const { options, required, ...rest } = option;
  const inner = Array.isArray(options) ? options.filter(isRecord).map(storedOption) : [];
  return { ...rest, ...(required === true && { required }), ...(inner.length > 0 && { options: inner }) };
}

/** A command as Discord stores it. (Discord, "Application Commands", Application Command Object.) */
function stored(command: JsonObject, applicationId: string, id: string, version: string): JsonObject {
  const { options, ...rest } = command;
  const inner = Array.isArray(options) ? options.filter(isRecord).map(storedOption) : [];
  return {
    type: 1,
    default_member_permissions: null,
    dm_permission: true,
    contexts: null,
    integration_types: [0],
    nsfw: false,
    name_localizations: null,
    description_localizations: null,
    description: '',
    ...rest,
    ...(inner.length > 0 && { options: inner }),
    id,
    application_id: applicationId,
    version,
  };
}

const keyOf = (command: JsonObject) => JSON.stringify([command['type'] ?? 1, command['name']]);

/** Global application commands: list, create one, overwrite all. */
export function commandRoutes({
  applicationId,
  nextId,
  registered,
  register,
}: CommandRoutesOptions): RestRoute[] {
  const path = '/applications/:applicationId/commands';
  const own = ({ params }: RestCall) => {
    if (params['applicationId'] !== applicationId) throw missingAccess();
  };
  /** A command that exists keeps its id. */
  const store = (command: JsonObject) => {
    const before = registered()
      .filter(isRecord)
      .find(one => keyOf(one) === keyOf(command));
    const id = typeof before?.['id'] === 'string' ? before['id'] : nextId();
    return stored(command, applicationId, id, nextId());
  };
  return [
    {
      method: 'GET',
      path,
      run(call) {
        own(call);
        if (call.query.get('with_localizations') === 'true') return registered();
        return registered().map(command =>
          Object.fromEntries(Object.entries(command).filter(([key]) => !key.endsWith('_localizations'))),
        );
      },
    },
    {
      method: 'PUT',
      path,
      run(call) {
        own(call);
        register(checkCommands(call.json).map(store));
        return registered();
      },
    },
    {
      method: 'POST',
      path,
      run(call) {
        own(call);
        const [command] = checkCommands([call.json]).map(store);
        if (!command) return undefined;
        const others = registered().filter(one => isRecord(one) && keyOf(one) !== keyOf(command));
        register([...others, command]);
        return command;
      },
    },
  ];
}
