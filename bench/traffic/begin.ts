import type { TrafficStart } from '../types.ts'

/** Whether publishers wait until the fleet says that all of them begin. */
export function beginTogether(start: TrafficStart | undefined): boolean {
  return start === 'when-all-ready' || start === 'when-all-tried'
}
