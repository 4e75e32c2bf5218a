import { defineGroup } from '../command.ts'
import { benchConn } from './bench-conn.ts'

/** weir bench: the connection generator by itself. */
export const bench = defineGroup('bench', 'the connection generator by itself', [benchConn])
