import type { RunView } from '#weir/record/view/index.ts'

/** When a node may begin to evict, by EMQX's status: earlier losses are no part of its drain. -∞ when unknown. */
export function mayEvictFrom(run: RunView, node: number): number {
  const begun = run.evacuations
    .filter((one) => one.node === node)
    .flatMap((one) => one.states.filter(({ state }) => state !== 'waiting_health_check'))
    .map((one) => one.notBeforeT)
  return begun.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...begun)
}
