import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Clock } from '../runtime/clock.ts'
import type { EventRecorder } from '../runtime/event-recorder.ts'
import type { LineSwitches } from './lines.ts'
import type { PodHttp } from './runtime/pod-http.ts'

/** What every part of the operator works with. */
export interface OperatorEnvironment {
  kube: KubeApi
  line: LineSwitches
  clock: Clock
  recorder: EventRecorder
  http: PodHttp
  /** The pause after a pass that found nothing to complain about. */
  idleMs: number
  /** In [0, 1). */
  random(): number
  log(line: string): void
}
