import { fault } from './fault.ts'

const SECURE = 8883
const PLAIN = 1883

export const portsCrossed = fault({
  name: 'ports-crossed',
  part: 'proxy',
  summary: 'every port of a Service that is for MQTT over TLS leads to the listener for plain TCP',
  shownBy: 'network-nodeport',
  caughtBy: ['exposure'],
  proxy(control) {
    control.choose((_frontend, backends) =>
      backends.map((backend) => (backend.port === SECURE ? { ...backend, port: PLAIN } : backend)),
    )
  },
})
