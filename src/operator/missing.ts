/** The file from which `npm start` reads the variables, below the present directory. */
export const ENV_FILE = '.env';

/**
 * Adds to the first line about a required variable that is missing how a newcomer gets a `.env`. `hasEnvFile` is whether
 * there is one: then its owner knows, and copying the example would overwrite it.
 */
export function withFirstSteps(problems: readonly string[], hasEnvFile: boolean): readonly string[] {
  const first = hasEnvFile
    ? -1
    : problems.findIndex(line => /^(DISCORD_TOKEN|FISH_API_KEY) is missing/.test(line));
  return problems.map((line, at) => (at === first ? `${line}. ${FIRST_STEPS}` : line));
}

const FIRST_STEPS =
  'There is no .env here yet: `npm run setup` asks for what is needed and writes it; or `cp .env.example .env`, and fill in the first two';
