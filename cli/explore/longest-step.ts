import type { Judged } from '../judge-record.ts'

/** How long the longest step of a sequence took, by the marks that each begins with. */
export function longestStepSeconds({ run }: Pick<Judged, 'run'>): number {
  const steps = run.of('step').filter(({ phase }) => phase === 'start')
  const times = steps.flatMap(({ t, name }, index) =>
    name === 'mark' || index === steps.length - 1 ? [t] : [],
  )
  return Math.max(0, ...times.slice(1).map((t, index) => (t - times[index]!) / 1e9))
}
