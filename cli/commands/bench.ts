import { defineGroup } from '../command.ts'
import { benchConn } from './bench-conn.ts'
import { benchPub } from './bench-pub.ts'
import { benchSub } from './bench-sub.ts'

export const bench = defineGroup('bench', 'run the load generator alone', [benchConn, benchSub, benchPub])
