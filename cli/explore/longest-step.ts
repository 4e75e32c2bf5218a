import type { Episode } from '#weir/explore/index.ts'
import type { Judged } from '../judge-record.ts'

export interface LongestStep {
  kind: string
  seconds: number
}

/** The longest of an episode's steps, by the marks that each begins with; undefined where none ended. */
export function longestStep({ run }: Pick<Judged, 'run'>, { steps }: Episode): LongestStep | undefined {
  const begun = run.of('step').filter(({ phase }) => phase === 'start')
  const times = begun.flatMap(({ t, name }, index) =>
    name === 'mark' || index === begun.length - 1 ? [t] : [],
  )
  const took = times.slice(1).map((t, index) => ({
    kind: steps[index]!.kind,
    seconds: (t - times[index]!) / 1e9,
  }))
  return longerOf(...took)
}

export const longerOf = (...steps: (LongestStep | undefined)[]): LongestStep | undefined =>
  steps.reduce((most, step) => (step && step.seconds > (most?.seconds ?? 0) ? step : most), undefined)
