import { defineBench } from '../bench/define-bench.ts'
import { optionsOf } from '../bench/options.ts'

/** weir bench conn: MQTTX CLI's `bench conn` by flags and defaults, on weir's own fleet. */
export const benchConn = defineBench({
  name: 'conn',
  summary: 'connect MQTT clients and hold the connections',
  options: optionsOf.conn,
  request: (flags) => ({ command: 'conn', flags }),
})
