import { HELP_OPTION, parsed } from './command-line.ts';

/** What `npm start -- --help` prints. */
export const START_HELP = `npm start    runs the bot until Ctrl-C or SIGTERM; it then ends its sentence, and leaves

It reads its variables from the environment and from .env; docs/operate/variables.md explains each.
\`npm run setup\` asks for the two that it needs, \`npm run doctor\` looks at everything.
In the container the bot is: node src/main.ts

  -h, --help              this

Ends with 0 if asked to, 75 if another process has its database or shards, 78 if its configuration is wrong, else 1.
`;

/** Whether the command line asks for help, which is all that it can do. Throws UsageError. */
export function asksForHelp(): boolean {
  return parsed({ options: HELP_OPTION }).values.help;
}
