import { defineGroup } from '../../command.ts'
import { resize } from './resize.ts'
import { scale } from './scale.ts'
import { downgrade, upgrade } from './version.ts'

export const ops = defineGroup('ops', 'one operation on a cluster of your own, recorded and judged', [
  scale,
  resize,
  upgrade,
  downgrade,
])
