import { commonOptions } from '../bench/common-options.ts'
import { defineBench } from '../bench/define-bench.ts'
import { connectPropertyOptions } from '../bench/session-options.ts'

/** weir bench conn: MQTTX CLI's `bench conn` by flags and defaults, on weir's own fleet. */
export const benchConn = defineBench({
  name: 'conn',
  summary: 'connect MQTT clients and hold them',
  options: { ...commonOptions, ...connectPropertyOptions },
  request: (flags) => ({ command: 'conn', flags }),
})
