import type { Config } from '../config.ts';
import { askServer, type Asked, recordOf } from './ask.ts';
import { bad, type Finding, good, unknown } from './finding.ts';

const THING = 'Language model';

/** Asks the server behind `/ask` for the names of its models (OpenAI's API, "List models"). */
export async function modelFinding(
  { baseUrl, apiKey, model }: NonNullable<Config['llm']>,
  signal: AbortSignal,
): Promise<Finding> {
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  return modelFindingOf(await askServer(`${baseUrl}/models`, headers, signal), model);
}

/** What the list of models says about the one that is to be used. */
export function modelFindingOf(asked: Asked, model: string): Finding {
  if (asked.kind === 'silent')
    return bad(
      THING,
      `LLM_BASE_URL cannot be reached: ${asked.why}`,
      'check LLM_BASE_URL, and that the server runs',
    );
  const { status } = asked;
  if (status === 401 || status === 403)
    return bad(THING, `its server refuses LLM_API_KEY (HTTP ${status})`, 'check LLM_API_KEY');
  const names = namesIn(recordOf(asked));
  if (names === null)
    return unknown(
      THING,
      `its server lists no models (HTTP ${status}), so it is not known whether it has ${model}`,
    );
  if (names.includes(model) || names.includes(`${model}:latest`))
    return good(THING, `its server has ${model}`);
  const known = names.slice(0, 5).join(', ') || 'none';
  return bad(THING, `its server does not have ${model}`, `set LLM_MODEL to one that it has: ${known}`);
}

/** The ids in an answer such as `{"data": [{"id": "a"}]}`; null if it is another. */
function namesIn({ data }: Readonly<Record<string, unknown>>): string[] | null {
  if (!Array.isArray(data)) return null;
  return data.flatMap((entry: unknown) => {
    const id: unknown = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : null;
    return typeof id === 'string' ? [id] : [];
  });
}
