import type { RunView } from '#weir/record/view/index.ts'

/** A rebalance that its operator calls failed while EMQX goes on with it: the resource, the operator's words, and from when to when. */
export interface GivenUp {
  name: string
  message: string
  t: number
  lastT: number
}

export function givenUpOf(run: RunView): GivenUp | undefined {
  const seen = run.of('rebalance')
  const failed = seen.find(
    ({ resource, rebalances }) => resource?.phase === 'Failed' && rebalances.length > 0,
  )
  if (failed?.resource === undefined) return undefined
  const { name, message = '' } = failed.resource
  const last = seen.findLast(({ rebalances }) => rebalances.length > 0) ?? failed
  return { name, message, t: failed.t, lastT: last.t }
}
