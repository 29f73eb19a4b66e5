import { resolve } from 'node:path';
import { inspectConfig, secretProblem } from './config.ts';
import { invitation } from './discord/invitation.ts';
import { isSet } from './given-variables.ts';
import { createLog } from './log.ts';
import { versionOfProgram } from './operator/about.ts';
import { configurationFindings, whatAndRemedy } from './operator/configuration.ts';
import {
  applicationId,
  askDiscord,
  type DiscordAnswers,
  discordFindings,
  PORTAL,
  refusesToken,
} from './operator/discord-account.ts';
import { ENV_FILE, textOf, writePrivately } from './operator/env-file.ts';
import { variablesIn, withVariables } from './operator/env-text.ts';
import { bad, type Finding, good, lineOf } from './operator/finding.ts';
import { askFish, type FishAnswers, fishFindings, refusesKey } from './operator/fish-account.ts';
import {
  EXIT_INTERRUPTED,
  EXIT_USAGE,
  HELP_OPTION,
  parsed,
  UsageError,
  usageLine,
} from './terminal/command-line.ts';
import { HiddenAnswers, InterruptedError } from './terminal/hidden-answers.ts';
import { envExample } from './variables.ts';

// The program `npm run setup`: it asks for the bot's token and the key of Fish Audio, checks both, writes them into
// `.env`, and prints the invitation.

const HELP = `npm run setup    asks for the bot token and the Fish Audio key, checks both, writes .env, prints the invitation

What you type or paste is not shown. An .env that is there is kept: only the lines of the two are changed, and Enter
alone keeps what is there. From a pipe: the first line is the token, the second the key.

  -h, --help              this

Ends with 0 if .env is written and nothing is left to do, else with 1.
`;

const EXIT_FAILED = 1;
/** How often each is asked for at a terminal; from a pipe, once. */
const TRIES = 3;
const GIVE_BOTH = 'run it again, and give both, one a line';

const QUESTIONS = {
  DISCORD_TOKEN: `Bot token (${PORTAL} → your application → Bot → Reset Token): `,
  FISH_API_KEY: 'Fish Audio key (https://fish.audio/app/api-keys): ',
} as const;
type Name = keyof typeof QUESTIONS;
/** The secrets that were given, and not kept. */
type Given = Partial<Record<Name, string>>;

const print = (text: string) => process.stdout.write(text);
const tell = (finding: Finding) => print(`${lineOf(finding)}\n`);

/** What is set already, in `.env` or in the environment, which comes first as with `npm start`. */
interface Present {
  readonly path: string;
  /** The text of `.env`; null if there is none. */
  readonly text: string | null;
  readonly variables: NodeJS.ProcessEnv;
}

async function whatIsThere(): Promise<Present> {
  const path = resolve(ENV_FILE);
  const text = await textOf(path);
  return { path, text, variables: { ...variablesIn(text ?? ''), ...process.env } };
}

/**
 * Asks for a secret until it can be one, and returns it. Returns '' where the present one is to be kept, and null where
 * none comes.
 */
async function secretFrom(
  answers: HiddenAnswers,
  name: Name,
  { variables }: Present,
): Promise<string | null> {
  const isKnown = [variables[name], variables[`${name}_FILE`]].some(isSet);
  for (let tries = 0; tries < (answers.isTerminal ? TRIES : 1); tries += 1) {
    const answer = await answers.ask(`${QUESTIONS[name]}${isKnown ? '(Enter keeps the present one) ' : ''}`);
    if (answer === null) {
      if (isKnown) return '';
      tell(bad(name, 'is missing: the input has ended', GIVE_BOTH));
      return null;
    }
    if (answer === '' && isKnown) return '';
    const problem = answer === '' ? 'is missing' : secretProblem(name, answer);
    if (problem === null) return answer;
    const [what, remedy] = whatAndRemedy(problem);
    tell(bad(name, what, remedy || (answers.isTerminal ? 'paste it here, and press Enter' : GIVE_BOTH)));
  }
  return null;
}

interface Checked {
  readonly discord: DiscordAnswers;
  readonly fish: FishAnswers;
  readonly findings: readonly Finding[];
}

/** Checks both at once, those that were given instead of those that are set. */
async function check({ variables }: Present, given: Given): Promise<Checked> {
  const now: NodeJS.ProcessEnv = { ...variables, ...given };
  for (const name of Object.keys(given)) delete now[`${name}_FILE`];
  const { config } = inspectConfig(now);
  const { signal } = new AbortController(); // is never aborted: Ctrl-C ends the whole process
  const log = createLog('silent', []);
  print('Asking Discord and Fish Audio …\n');
  const [discord, fish] = await Promise.all([
    askDiscord({ ...config.discord, version: versionOfProgram() }, signal),
    askFish(config.fish, log, signal),
  ]);
  const findings = [...discordFindings(discord, config.discord.apiUrl), ...fishFindings(fish, config.fish)];
  return { discord, fish, findings };
}

/** Asks, checks and writes; returns the exit code. */
async function setUp(answers: HiddenAnswers): Promise<number> {
  const present = await whatIsThere();
  print(present.text === null ? '' : `${ENV_FILE} is there already: what else is in it is kept.\n`);
  const given: Given = {};
  let wanted: readonly Name[] = ['DISCORD_TOKEN', 'FISH_API_KEY'];
  for (let tries = 1; ; tries += 1) {
    for (const name of wanted) {
      const secret = await secretFrom(answers, name, present);
      if (secret === null) return EXIT_FAILED;
      if (secret === '') delete given[name];
      else given[name] = secret;
    }
    const checked = await check(present, given);
    for (const finding of checked.findings) tell(finding);
    wanted = [
      ...(refusesToken(checked.discord) ? (['DISCORD_TOKEN'] as const) : []),
      ...(refusesKey(checked.fish) ? (['FISH_API_KEY'] as const) : []),
    ];
    if (wanted.length === 0) return await finish(present, given, checked);
    if (!answers.isTerminal || tries === TRIES) {
      print(`${ENV_FILE} is ${present.text === null ? 'not written' : 'left as it was'}.\n`);
      return EXIT_FAILED;
    }
  }
}

async function finish(present: Present, given: Given, checked: Checked): Promise<number> {
  const before = present.text ?? envExample('');
  const text = withVariables(before, given);
  const after: NodeJS.ProcessEnv = { ...variablesIn(text), ...process.env };
  await writePrivately(present.path, text); // also where nothing changes: others may have been able to read it
  tell(
    good(ENV_FILE, `${text === present.text ? 'has what it had' : 'is written'}, and only you can read it`),
  );
  for (const name of Object.keys(given))
    if (isSet(process.env[name]))
      tell(bad(name, 'is also set in the environment, which comes before .env', 'unset it there'));
  const { problems } = inspectConfig(after);
  for (const finding of configurationFindings(problems)) tell(finding);
  const id = applicationId(checked.discord);
  if (id !== null) print(`\nInvite the bot into your server:\n  ${invitation(id)}\n`);
  const isWell = problems.length === 0 && checked.findings.every(({ verdict }) => verdict !== 'bad');
  print(
    isWell
      ? '\nThen start it with `npm start`. `npm run doctor` looks at all else that it needs.\n'
      : '\nDo what stands after ✗ above; `npm run doctor` then looks again, and at all else that it needs.\n',
  );
  return isWell ? 0 : EXIT_FAILED;
}

async function main(): Promise<number> {
  try {
    if (parsed({ options: HELP_OPTION }).values.help) {
      print(HELP);
      return 0;
    }
    using answers = new HiddenAnswers(process.stdin, print, () => process.exit(EXIT_INTERRUPTED));
    return await setUp(answers);
  } catch (error) {
    if (error instanceof InterruptedError) return EXIT_INTERRUPTED;
    if (error instanceof UsageError) {
      console.error(usageLine(error));
      return EXIT_USAGE;
    }
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    tell(
      bad(
        ENV_FILE,
        `cannot be read or written (${String(error.code)})`,
        'check that this user may write in this folder',
      ),
    );
    return EXIT_FAILED;
  }
}

process.exit(await main());
