import { defineBench } from '../bench/define-bench.ts'
import { optionsOf } from '../bench/options.ts'

/** weir bench sub: MQTTX CLI's `bench sub` by flags and defaults, on weir's own fleet. */
export const benchSub = defineBench({
  name: 'sub',
  summary: 'connect MQTT clients that subscribe, and count the messages',
  options: optionsOf.sub,
  request: (flags) => ({ command: 'sub', flags }),
})
