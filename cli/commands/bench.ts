import { defineGroup } from '../command.ts'
import { benchConn } from './bench-conn.ts'
import { benchPub } from './bench-pub.ts'
import { benchSub } from './bench-sub.ts'

/** weir bench: the connection generator by itself. */
export const bench = defineGroup('bench', 'the connection generator by itself', [
  benchConn,
  benchSub,
  benchPub,
])
