import { type Config, inspectConfig, retirementOf, secretsOf } from './config.ts';
import { errorCode } from './errors.ts';
import { FishError } from './fish/errors.ts';
import { createLog, type Logger } from './log.ts';
import { isClone, versionOfProgram } from './operator/about.ts';
import { clockFinding } from './operator/clock.ts';
import { configurationFindings, idleVariables, strayFindings, withSetup } from './operator/configuration.ts';
import { databaseFinding } from './operator/database.ts';
import { askDiscord, askGateway, discordFindings, silenceFinding } from './operator/discord-account.ts';
import { envFileProblem } from './operator/env-file.ts';
import { bad, type Finding, good, lineOf, unknown } from './operator/finding.ts';
import { askFish, fishFindings } from './operator/fish-account.ts';
import { gatewayFinding } from './operator/gateway.ts';
import { modelFinding } from './operator/language-model.ts';
import {
  type CompiledPackages,
  diskFinding,
  nodeFinding,
  packagesFinding,
  portFinding,
  toolchainFinding,
  toolsIn,
  udpFinding,
} from './operator/machine.ts';
import { folderOf } from './store/look.ts';
import { formatOf } from './terminal/arguments.ts';
import {
  EXIT_INTERRUPTED,
  EXIT_USAGE,
  HELP_OPTION,
  parsed,
  UsageError,
  usageLine,
} from './terminal/command-line.ts';
import { plainManner, sayAtTerminal } from './terminal/speaking.ts';
import { waiting } from './terminal/waiting.ts';
import { NAMES } from './variables.ts';

// The program `npm run doctor`: it looks at everything that `npm start` needs, and says of each whether it is well or
// what to do.

const HELP = `npm run doctor -- [options]    looks at everything that the bot needs: ✓ it is well, ✗ what to do

  --say <text>            then say this with Fish Audio: played by mpv or ffplay, or else written to doctor.ogg
  --out <file>            write it to this file instead: .ogg, .mp3, .wav or .pcm
  -h, --help              this

It reads the environment and .env as \`npm start\` does, changes nothing, and costs nothing but what --say says.
Ends with 0 if all is well, else with 1.
`;

const EXIT_BAD = 1;
/** The file that --say writes if there is no player. */
const FILE = 'doctor.ogg';

/** Packages with compiled parts, by the modules that load them. */
const COMPILED: CompiledPackages = {
  '@discordjs/opus': () => import('./audio/opus/decode.ts'),
  'sodium-native': () => import('./call/packet-cipher.ts'),
  '@discordjs/voice': () => import('./audio/player.ts'),
};

/** One look at a thing, which has begun; whatever goes wrong while looking becomes a finding too. */
interface Looking {
  readonly thing: string;
  readonly findings: Promise<readonly Finding[]>;
}

/** Begins to look at everything at once, and returns the findings in the order in which they are told. */
function look({ config, problems }: ReturnType<typeof inspectConfig>, signal: AbortSignal): Looking[] {
  const log = createLog('silent', []);
  const discord = lookAtDiscord(config, signal);
  const fish = lookAtFish(config, log, signal);
  const tools = toolsIn(process.env['PATH'] ?? '');
  return [
    guarded('Node', async () => nodeFinding(process.version)),
    guarded('Packages', () => packagesFinding(COMPILED, tools)),
    guarded('Toolchain', async () => toolchainFinding(tools)),
    guarded('Configuration', async () => [
      ...configFindings([...envFileProblems(), ...problems, ...retirementProblems(config)]),
      ...strayFindings(process.env, NAMES),
      ...idleVariables(process.env).map(line => unknown('Configuration', line)),
    ]),
    guarded('Database', () => databaseFinding(config.databaseUrl)),
    guarded('Disk', async () => {
      const folder = folderOf(config.databaseUrl);
      return folder === null ? [] : await diskFinding(folder);
    }),
    guarded('Discord', async () => (await discord).findings),
    guarded('UDP', () => udpFinding(new URL(config.discord.apiUrl).hostname)),
    guarded('Fish Audio', async () => (await fish).findings),
    guarded('Language model', async () => (config.llm ? await modelFinding(config.llm, signal) : [])),
    guarded('Clock', async () =>
      clockFinding({ Discord: await aheadMsOf(discord), 'Fish Audio': await aheadMsOf(fish) }),
    ),
    guarded('Port', async () => (config.http ? await portFinding(config.http) : [])),
  ];
}

function guarded(thing: string, see: () => Promise<Finding | readonly Finding[]>): Looking {
  return { thing, findings: findingsOf(thing, see) };
}

/** Never rejects: what goes wrong while looking is a finding, without the error's message, which may hold a secret. */
async function findingsOf(thing: string, see: () => Promise<Finding | readonly Finding[]>) {
  try {
    return [await see()].flat();
  } catch (error) {
    const code = String(errorCode(error) ?? (error as Error).name);
    return [bad(thing, `could not be looked at (${code})`, 'report this line as a fault of Parrotfish')];
  }
}

function configFindings(problems: readonly string[]): Finding[] {
  if (problems.length === 0) return [good('Configuration', 'can be used')];
  return configurationFindings(isClone() ? withSetup(problems) : problems);
}

function envFileProblems(): string[] {
  const problem = envFileProblem(process.env);
  return problem === null ? [] : [problem];
}

/** A model that Fish Audio is going to retire. (One that has retired is a problem of the configuration already.) */
function retirementProblems({ fish }: Config): string[] {
  const retirement = retirementOf(fish.model, new Date());
  return retirement ? [`FISH_MODEL ${retirement.words}`] : [];
}

interface Looked {
  readonly findings: readonly Finding[];
  readonly aheadMs: number | null;
}

/** By how much the other side's clock is ahead of ours; null where nobody has told its time. */
async function aheadMsOf(looking: Promise<Looked>): Promise<number | null> {
  return await looking.then(
    ({ aheadMs }) => aheadMs,
    () => null,
  );
}

async function lookAtDiscord({ discord }: Config, signal: AbortSignal): Promise<Looked> {
  const access = { ...discord, version: versionOfProgram() };
  if (discord.token === '') {
    const gateway = await askGateway(access, signal);
    const none = unknown('Bot token', 'there is none to be checked');
    if (gateway.kind === 'answered') return { findings: [none], aheadMs: gateway.aheadMs };
    return { findings: [none, silenceFinding(gateway.why, discord.apiUrl)], aheadMs: null };
  }
  const answers = await askDiscord(access, signal);
  const gateway = await gatewayFinding(answers, signal);
  return {
    findings: [...discordFindings(answers, discord.apiUrl), ...(gateway ? [gateway] : [])],
    aheadMs: answers.user.kind === 'answered' ? answers.user.aheadMs : null,
  };
}

async function lookAtFish({ fish }: Config, log: Logger, signal: AbortSignal): Promise<Looked> {
  if (fish.apiKey === '')
    return { findings: [unknown('Fish Audio key', 'there is none to be checked')], aheadMs: null };
  const answers = await askFish(fish, log, signal);
  return { findings: fishFindings(answers, fish), aheadMs: answers.aheadMs };
}

/** Says a line at the terminal; what hinders that is a finding. */
async function say(
  text: string,
  out: string | undefined,
  config: Config,
  signal: AbortSignal,
): Promise<Finding> {
  const thing = 'Speech';
  if (config.fish.apiKey === '') return bad(thing, 'nothing can be said without a key', 'set FISH_API_KEY');
  const told: string[] = [];
  try {
    await sayAtTerminal(plainManner(out, out === undefined ? 'opus' : formatOf(out)), {
      config: config.fish,
      text,
      path: process.env['PATH'] ?? '',
      file: FILE,
      tell: line => told.push(line),
      log: createLog('silent', []),
      signal,
    });
    return good(thing, told.join('; '));
  } catch (error) {
    if (error instanceof FishError) return bad(thing, error.message, 'do what is said of Fish Audio above');
    throw error;
  }
}

async function main(): Promise<number> {
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  const { signal } = stopping;
  try {
    const { values } = parsed({
      options: { say: { type: 'string' }, out: { type: 'string' }, ...HELP_OPTION },
    });
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    if (values.say?.trim() === '') throw new UsageError('There is no text to say');
    if (values.out !== undefined) formatOf(values.out);
    const inspected = inspectConfig(process.env);
    const secrets = secretsOf(inspected.config);
    let isWell = true;
    const tell = (finding: Finding) => {
      isWell &&= finding.verdict !== 'bad';
      console.log(secrets.reduce((line, secret) => line.replaceAll(secret, '[hidden]'), lineOf(finding)));
    };
    for (const { thing, findings } of look(inspected, signal))
      for (const finding of await waiting(`looking at ${thing}`, findings)) tell(finding);
    if (values.say !== undefined) tell(await say(values.say, values.out, inspected.config, signal));
    return isWell ? 0 : EXIT_BAD;
  } catch (error) {
    if (signal.aborted) return EXIT_INTERRUPTED;
    if (!(error instanceof UsageError)) throw error;
    console.error(usageLine(error));
    return EXIT_USAGE;
  }
}

process.exit(await main());
