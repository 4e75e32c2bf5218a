import { defineBench } from '../bench/define-bench.ts'
import { defineGroup } from '../command.ts'

export const bench = defineGroup('bench', 'run the load generator alone', [
  defineBench('conn', 'connect MQTT clients and hold the connections'),
  defineBench('sub', 'connect MQTT clients that subscribe, and count the messages'),
  defineBench('pub', 'connect MQTT clients that publish'),
])
