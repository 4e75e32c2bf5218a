import type { RunView } from '#weir/record/view/index.ts'
import type { Report } from './report.ts'
import { shellLine } from './text/shell.ts'

/** The EMQX of a run: "4.4.14 → 4.4.19", or one version where it did not change; undefined when it is unknown. */
export function emqxVersions(run: RunView): string | undefined {
  const { trigger = Number.POSITIVE_INFINITY } = run.moments
  const asked = run.of('cr').filter(({ version }) => version !== undefined)
  const before = asked.findLast(({ t }) => t <= trigger)?.version ?? tagOf(run, 'old')
  const target = run.hasParameters ? run.parameters.targetVersion : undefined
  const after = asked.find(({ t, version }) => t > trigger && version !== before)?.version ?? target
  if (before === undefined || after === undefined || before === after) return before ?? after
  return `${before} → ${after}`
}

/** The tag of the image of one side's pods. */
function tagOf(run: RunView, side: 'old' | 'new'): string | undefined {
  const image = run.nodes.find((node) => node.side === side && node.image !== undefined)?.image
  return /:([\w.-]+)$/.exec(image ?? '')?.[1]
}

/** The command that makes the run again; undefined where the record does not say it. */
export function repeatLine({ run }: Pick<Report, 'run'>): string | undefined {
  const { command } = run.record.manifest
  return command && shellLine(['weir', ...command])
}
