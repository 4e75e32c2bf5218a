import type { Listener } from '../listener.ts'

/** Where 5.8 listens by default. Metrics and API share the dashboard's port. */
export const LISTENERS: readonly Listener[] = [
  { port: 1883, serves: 'tcp' },
  { port: 18083, serves: 'http' },
  { port: 8883, serves: 'ssl' },
  { port: 8083, serves: 'ws' },
  { port: 8084, serves: 'wss' },
]
