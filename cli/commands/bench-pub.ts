import { commonOptions } from '../bench/common-options.ts'
import { defineBench } from '../bench/define-bench.ts'
import { messageOutputOptions } from '../bench/output-options.ts'
import { publishOptions } from '../bench/publish-options.ts'
import { ownPropertyOptions } from '../bench/session-options.ts'

/** weir bench pub: MQTTX CLI's `bench pub` by flags and defaults, on weir's own fleet. */
export const benchPub = defineBench({
  name: 'pub',
  summary: 'connect MQTT clients that publish',
  options: { ...publishOptions, ...commonOptions, ...ownPropertyOptions, ...messageOutputOptions },
  request: (flags) => ({ command: 'pub', flags }),
})
