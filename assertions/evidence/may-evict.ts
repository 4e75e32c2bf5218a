import type { RunView } from '#weir/record/view/index.ts'

/** From when on a node may evict, by EMQX's own account: what it loses before is no part of its drain. -∞ when nothing tells. */
export function mayEvictFrom(run: RunView, node: number): number {
  const begun = run.evacuations
    .filter((one) => one.node === node)
    .flatMap((one) => one.states.filter(({ state }) => state !== 'waiting_health_check'))
    .map((one) => one.notBeforeT)
  return begun.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...begun)
}
