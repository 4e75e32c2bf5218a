import type { Change } from '#weir/gate/index.ts'

/** The texts of a comparison of runs in English. */
export const english = {
  changes: {
    worse: 'worse',
    'cannot tell': 'cannot tell',
    better: 'better',
    same: 'same',
  } satisfies Record<Change, string>,
  count: (v: { count: number; change: string }) => `${v.count} ${v.change}`,
  headline: (counts: readonly string[]) =>
    counts.length === 0 ? 'No figure can be compared.' : `${counts.join(', ')}.`,
  spread: (v: { median: string; least: string; most: string }) => `${v.median} (${v.least} to ${v.most})`,
  columns: ['', 'figure', 'baseline', 'now', ''],
  pageColumns: ['change', 'figure', 'baseline', 'now', 'note'],
  runs: (runs: number) => `${runs} ${runs === 1 ? 'run' : 'runs'}`,
  what: (v: {
    scenario: string
    resource: string
    clients: number
    rate: number
    now: string
    base: string
  }) =>
    `${v.scenario}, ${v.resource}, ${v.clients} clients at ${v.rate}/s: ${v.now} beside a baseline of ${v.base}.`,
  leftOut: (run: string) => `left out: ${run}`,
  heading: (headline: string) => `Compared with the baseline: ${headline}`,
  figures: 'Figures',
  title: (scenario: string) => `${scenario}: compared`,
  baseline: 'baseline',
  now: 'now',
  seconds: '. Seconds count from the change.',
  offline: { title: 'Clients offline', unit: 'clients' },
  attempts: { title: 'Attempts within one second', unit: 'attempts' },
}
