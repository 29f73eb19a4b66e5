import type { Config } from '../config.ts';
import { kindOfStatus, lastingTrouble, type ModelTrouble } from '../llm/errors.ts';
import type { LanguageModel } from '../llm/model.ts';
import type { Logger } from '../log.ts';
import { type Asked, askServer, recordOf } from './ask.ts';
import { bad, type Finding, good, unknown } from './finding.ts';

// Checks whether the language model that answers `/ask` can be used: in `npm run doctor`, and when the bot starts.
// The questions of people themselves are sent by the files in `llm`.

const THING = 'Language model';

type ModelConfig = NonNullable<Config['llm']>;

/** Asks the server behind `/ask` for the names of its models (OpenAI's API, "List models"). */
function askForModels({ baseUrl, apiKey }: ModelConfig, signal: AbortSignal): Promise<Asked> {
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  return askServer(`${baseUrl}/models`, headers, signal);
}

/** What `npm run doctor` says about the server behind `/ask`. Rejects only with the signal's reason. */
export async function modelFinding(config: ModelConfig, signal: AbortSignal): Promise<Finding> {
  return modelFindingOf(await askForModels(config, signal), config.model);
}

/**
 * Looks once, when the bot starts, whether `/ask` can work. If not, it notes the trouble in `model`, where `/status`
 * finds it, and warns the operator; the bot runs all the same. When the signal aborts it ends and tells nothing. Never
 * rejects.
 */
export async function checkModelAtStart(
  config: ModelConfig,
  { model, log, signal }: { model: LanguageModel; log: Logger; signal: AbortSignal },
): Promise<void> {
  const asked = await askForModels(config, signal).catch(() => null); // it rejects only when the signal aborts
  if (!asked || model.hasAnswered) return; // a question that was answered meanwhile knows better
  const { verdict, detail, remedy } = modelFindingOf(asked, config.model);
  if (verdict !== 'bad') return;
  model.trouble ??= troubleOf(asked);
  log.warn(`/ask will not work: ${detail}. What to do: ${remedy}`);
}

/** What will be wrong when people ask something, judged by an answer of which the finding is bad. */
function troubleOf(asked: Asked): ModelTrouble | null {
  if (asked.kind === 'silent') return 'unreachable';
  return asked.status === 200 ? 'not-found' : lastingTrouble(kindOfStatus(asked.status));
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
  if (lacksScope(asked.json))
    return unknown(
      THING,
      `LLM_API_KEY may not list models (HTTP ${status}), so it is not known whether there is ${model}`,
    );
  if (status === 401 || status === 403)
    return bad(THING, `its server refuses LLM_API_KEY (HTTP ${status})`, 'check LLM_API_KEY');
  if (status === 200 && asked.json === undefined)
    return bad(
      THING,
      'what answers at LLM_BASE_URL is no OpenAI-compatible server',
      'check LLM_BASE_URL, which mostly ends in /v1; a log-in page of the network may have answered',
    );
  const names = namesIn(recordOf(asked));
  if (names === 'any') return good(THING, 'its server takes any name for the model that it runs');
  if (names === null)
    return unknown(
      THING,
      `its server lists no models (HTTP ${status}), so it is not known whether it has ${model}`,
    );
  const others = otherNames(model);
  if (names.some(name => name === model || others.includes(name)))
    return good(THING, `its server has ${model}`);
  const known = names.slice(0, 5).join(', ') || 'none';
  return bad(THING, `its server does not have ${model}`, `set LLM_MODEL to one that it has: ${known}`);
}

/** Whether OpenAI refuses only the list: a restricted key may be good for questions and for nothing else. */
function lacksScope(json: unknown): boolean {
  const error: unknown = typeof json === 'object' && json !== null && 'error' in json ? json.error : null;
  const message: unknown = typeof error === 'object' && error && 'message' in error ? error.message : null;
  return typeof message === 'string' && /missing scopes?:/i.test(message);
}

/** Under which other names a server may list a model that it knows by this one. */
function otherNames(model: string): string[] {
  return [
    `${model}:latest`, // Ollama
    `models/${model}`, // Gemini (Google's API for OpenAI's clients)
    model.replace(/:[^:]*$/, ''), // OpenRouter lists no variants, such as `:online`
  ];
}

/** The owner of models in the list of llama.cpp. Where it runs one model, that one answers under any name. */
const LLAMA_CPP = 'llamacpp';

/** The ids in an answer such as `{"data": [{"id": "a"}]}`; null if it is another; `any` if names do not matter. */
function namesIn({ data }: Readonly<Record<string, unknown>>): string[] | 'any' | null {
  if (!Array.isArray(data)) return null;
  const entries = data.filter((entry: unknown) => typeof entry === 'object' && entry !== null);
  const isLlamaCpp = entries.some((entry: object) => 'owned_by' in entry && entry.owned_by === LLAMA_CPP);
  if (isLlamaCpp && entries.length === 1) return 'any';
  return entries.flatMap((entry: object) => {
    const id: unknown = 'id' in entry ? entry.id : null;
    return typeof id === 'string' ? [id] : [];
  });
}
