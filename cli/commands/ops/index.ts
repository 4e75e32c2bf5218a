import { defineGroup } from '../../command.ts'
import { connections } from './connections.ts'
import { remove, start, stop } from './lifecycle.ts'
import { logs } from './logs.ts'
import { network } from './network.ts'
import { rebalance } from './rebalance.ts'
import { resize } from './resize.ts'
import { scale } from './scale.ts'
import { transfer } from './transfer.ts'
import { downgrade, upgrade } from './version.ts'

export const ops = defineGroup('ops', 'one operation on a cluster of your own, recorded and judged', [
  scale,
  connections,
  network,
  resize,
  upgrade,
  downgrade,
  stop,
  start,
  remove,
  transfer,
  rebalance,
  logs,
])
