import { cpus, loadavg } from 'node:os';
import type { Row } from './figures.ts';

/** One whole run of the bench, as it is kept. */
export interface Report {
  readonly at: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
  /** The load of the machine (jobs that want a core, by the minute) when it began and when it ended. */
  readonly load: { readonly before: number; readonly after: number };
  readonly rows: readonly Row[];
}

/** How busy the machine is. */
export function load(): number {
  return loadavg()[0] ?? 0;
}

export function reportOf(rows: readonly Row[], before: number): Report {
  const all = cpus();
  const machine = { cpu: all[0]?.model ?? 'unknown', cores: all.length, node: process.version };
  return { at: new Date().toISOString(), machine, load: { before, after: load() }, rows };
}

const mark = ({ met }: Row) => (met === null ? '–' : met ? '✓' : '✗');
const cell = (text: string) => text.replaceAll('|', '\\|');

/** The table of a report, in Markdown. */
export function tableOf({ rows }: Report): string {
  const lines = rows.map(
    row =>
      `| ${row.id} | ${cell(row.what)} | ${cell(row.ours)} | ${cell(row.beside)} | ${cell(row.target)} | ${mark(row)} |`,
  );
  return ['| | what | ours | beside | target | |', '|---|---|---|---|---|---|', ...lines].join('\n');
}

/** A row for the terminal. */
export function inLines(row: Row): string {
  return `${mark(row)} ${row.id}  ${row.what}\n      ours    ${row.ours}\n      beside  ${row.beside}\n      target  ${row.target}`;
}
