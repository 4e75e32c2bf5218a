import { defineBench } from '../bench/define-bench.ts'
import { optionsOf } from '../bench/options.ts'

/** weir bench pub: MQTTX CLI's `bench pub` by flags and defaults, on weir's own fleet. */
export const benchPub = defineBench({
  name: 'pub',
  summary: 'connect MQTT clients that publish',
  options: optionsOf.pub,
  request: (flags) => ({ command: 'pub', flags }),
})
