import type { WatchEvent } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

/**
 * How late the watches reported the change itself, in nanoseconds; 0 when that is unknown. The harness makes the change and the
 * API server accepts it at the trigger: the next generation of the resource must show then. Both times are of the harness's clock.
 */
export function watchLag(run: RunView): number {
  const { trigger } = run.moments
  const resource = run.of('watch').findLast((event) => event.t <= (trigger ?? 0) && isResource(event))
  if (trigger === undefined || resource === undefined) return 0
  const next = run
    .of('watch')
    .find(
      (event) =>
        event.t > trigger && event.kind === resource.kind && generationOf(event) > generationOf(resource),
    )
  return next ? next.t - trigger : 0
}

/** The custom resource that the operator reads: of EMQX's API group. */
function isResource({ object }: WatchEvent): boolean {
  const { apiVersion } = (object ?? {}) as { apiVersion?: unknown }
  return typeof apiVersion === 'string' && apiVersion.startsWith('apps.emqx.io/')
}

function generationOf({ object }: WatchEvent): number {
  const { metadata } = (object ?? {}) as { metadata?: { generation?: unknown } }
  return typeof metadata?.generation === 'number' ? metadata.generation : 0
}
