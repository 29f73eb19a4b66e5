import { isSet } from '../given-variables.ts';
import { bad, type Finding, unknown } from './finding.ts';

// What is told about a configuration: what cannot be used in it, and which variables do nothing. Its problems are the
// lines of `inspectConfig`, each of the form `what is wrong: what to do`.

/** How the line about a required variable begins that is missing. */
const MISSING = /^(DISCORD_TOKEN|FISH_API_KEY) is missing/;

/**
 * Adds to the first line about a required variable that is missing how a newcomer gets a `.env`. `canMakeEnvFile` is
 * false where there is one: then its owner knows, and copying the example would overwrite it. It is false in the
 * container too.
 */
export function withFirstSteps(problems: readonly string[], canMakeEnvFile: boolean): readonly string[] {
  const first = canMakeEnvFile ? problems.findIndex(line => MISSING.test(line)) : -1;
  return problems.map((line, at) => (at === first ? `${line}. ${FIRST_STEPS}` : line));
}

const FIRST_STEPS =
  'There is no .env here yet: `npm run setup` asks for what is needed and writes it; or `cp .env.example .env`, and fill in the first two';

/** Adds to each line about a required variable that is missing which program asks for it. */
export function withSetup(problems: readonly string[]): readonly string[] {
  return problems.map(line => (MISSING.test(line) ? `${line}; \`npm run setup\` asks for it` : line));
}

/** One finding for each problem. */
export function configurationFindings(problems: readonly string[]): Finding[] {
  return problems.map(problem => bad('Configuration', ...whatAndRemedy(problem)));
}

/** What is wrong, and what to do about it; '' where the problem does not say that. */
export function whatAndRemedy(problem: string): [what: string, remedy: string] {
  const [what = '', ...remedy] = problem.split(': ');
  return [what, remedy.join(': ')];
}

/** Who sees a name that begins like this takes it for one of Parrotfish's. */
const LOOKS_LIKE_OURS = /^(DISCORD|FISH|LLM|DATABASE|DAILY|PRICE)_/;

/** A finding for each variable that is set and looks like one of Parrotfish's, but is none: nobody reads it. */
export function strayFindings(env: NodeJS.ProcessEnv, known: ReadonlySet<string>): Finding[] {
  return Object.keys(env)
    .map(name => name.replace(/^\uFEFF/, '')) // as the configuration is read
    .filter(name => LOOKS_LIKE_OURS.test(name) && !known.has(name))
    .map(name =>
      unknown(
        'Configuration',
        `${name} is set, and Parrotfish has no such variable: is its name misspelled?`,
      ),
    );
}

/** Variables that do nothing without another one, and what to do about that. */
const IDLE: readonly {
  readonly names: readonly string[];
  readonly without: string;
  readonly remedy: string;
}[] = [
  {
    names: ['LLM_MODEL', 'LLM_API_KEY', 'LLM_API_KEY_FILE', 'LLM_SYSTEM_PROMPT', 'LLM_MAX_TOKENS'],
    without: 'LLM_BASE_URL',
    remedy: 'so there is no /ask; the address of OpenAI itself is https://api.openai.com/v1',
  },
  { names: ['HTTP_HOST'], without: 'HTTP_PORT', remedy: 'so there are no health checks and no metrics' },
];

/** A line about each group of variables in `env` that do nothing, because the one that they belong to is not set. */
export function idleVariables(env: NodeJS.ProcessEnv): string[] {
  return IDLE.flatMap(({ names, without, remedy }) => {
    const idle = names.filter(name => isSet(env[name]));
    return idle.length === 0 || isSet(env[without])
      ? []
      : [`${idle.join(', ')}: set, but without ${without} that does nothing, ${remedy}`];
  });
}
