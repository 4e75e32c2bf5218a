import { commonOptions } from '../bench/common-options.ts'
import { defineBench } from '../bench/define-bench.ts'
import { messageOutputOptions } from '../bench/output-options.ts'
import { ownPropertyOptions } from '../bench/session-options.ts'
import { subscribeOptions } from '../bench/subscribe-options.ts'

/** weir bench sub: MQTTX CLI's `bench sub` by flags and defaults, on weir's own fleet. */
export const benchSub = defineBench({
  name: 'sub',
  summary: 'connect MQTT clients that subscribe, and count what they receive',
  options: { ...subscribeOptions, ...commonOptions, ...ownPropertyOptions, ...messageOutputOptions },
  request: (flags) => ({ command: 'sub', flags }),
})
