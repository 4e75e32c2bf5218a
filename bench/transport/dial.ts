import type { TransportSpec } from '../types.ts'
import type { Dial } from './connection.ts'
import { dialTcp } from './tcp.ts'

/** How a fleet connects. */
export function dialFor<C>(_spec: TransportSpec | undefined): Dial<C> {
  return dialTcp
}
