import { init } from 'echarts';
import type { Row } from './figures.ts';

const SIZE = { width: 760, height: 380 };
const FONT = 'system-ui, sans-serif';
const OURS = '#2f6fb3';
const OTHERS = '#c9c9c9';
/** The bars that are not grey. */
const COLORS: Readonly<Record<string, string>> = {
  ours: OURS,
  floor: '#8fb8a0',
  idle: OURS,
  speaking: '#8fb3d9',
};
/** What a bar is called where its name among the figures says too little. */
const CALLED: Readonly<Record<string, string>> = {
  idle: 'in a call',
  speaking: 'more when speaking',
  used: 'in use of it',
};
const INK = '#222222';

type Figures = Readonly<Record<string, number>>;

/** A picture of a chart, with a white ground, so that it can be read on a dark page too. */
function svg(option: object): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
  chart.setOption({
    backgroundColor: '#ffffff',
    animation: false,
    textStyle: { fontFamily: FONT, color: INK },
    ...option,
  });
  const picture = chart.renderToSVGString();
  chart.dispose();
  return `${picture}\n`;
}

const title = (text: string, subtext: string) => ({
  title: { text, subtext, left: 16, top: 12, textStyle: { fontSize: 17, color: INK } },
});

/** Groups of bars; each row of the bench is a group, and each of its figures a bar. */
function bars(rows: readonly Row[], heading: string, unit: string): string {
  const names = Object.keys(rows[0]?.figures ?? {});
  const called = (name: string) => CALLED[name] ?? name;
  return svg({
    ...title(heading, unit),
    grid: { left: 260, right: 48, top: 84, bottom: 36 },
    legend: { right: 16, top: 16, data: names.map(called) },
    xAxis: { type: 'value', splitLine: { lineStyle: { color: '#eeeeee' } } },
    yAxis: {
      type: 'category',
      inverse: true,
      axisTick: { show: false },
      axisLabel: { width: 210, lineHeight: 16, overflow: 'break', color: INK },
      data: rows.map(({ what }) => what),
    },
    series: names.map(name => ({
      name: called(name),
      type: 'bar',
      barMaxWidth: 26,
      itemStyle: { color: COLORS[name] ?? OTHERS },
      label: {
        show: true,
        position: 'right',
        color: INK,
        formatter: ({ value }: { value: number }) => value.toFixed(value < 100 ? 1 : 0),
      },
      data: rows.map(({ figures }) => figures?.[name] ?? 0),
    })),
  });
}

/** What a guild-minute costs as the crowd grows, a line for one process and one for two. */
function slope(rows: readonly Row[]): string {
  const points = rows.flatMap(({ figures }) => (figures ? [figures] : []));
  const line = (name: string, key: string, color: string) => ({
    name,
    type: 'line',
    symbolSize: 9,
    itemStyle: { color },
    lineStyle: { width: 3 },
    data: points.map((one: Figures) => [one['guilds'], one[key]]),
  });
  return svg({
    ...title(
      'A minute of speech in one guild',
      'CPU-seconds, end-to-end encrypted, by guilds that speak at once',
    ),
    grid: { left: 24, right: 32, top: 96, bottom: 44, containLabel: true },
    legend: { right: 16, top: 16 },
    xAxis: { type: 'value', name: 'guilds speaking', nameLocation: 'middle', nameGap: 28 },
    yAxis: { type: 'value', min: 0 },
    series: [line('one process', 'one', OURS), line('two processes', 'two', '#d08b3c')],
  });
}

/** The plots of the rows that were measured, by file name. */
export function drawPlots(rows: readonly Row[]): Record<string, string> {
  const of = (id: string) => rows.filter(row => row.id === id && row.figures);
  const plots: Record<string, string> = {};
  const cost = [...of('B3'), ...of('B4')];
  if (cost.length > 0) plots['cpu.svg'] = bars(cost, 'What a packet costs', 'µs of processor time');
  if (of('B5').length > 0)
    plots['guilds.svg'] = bars(
      of('B5'),
      'Guilds that a core has time for',
      'reckoned from the cost of a packet with as many guilds as the label says',
    );
  if (of('B10').length > 0) plots['memory.svg'] = bars(of('B10'), 'Memory of a guild', 'KB');
  if (of('B21').length > 0) plots['slope.svg'] = slope(of('B21'));
  return plots;
}
