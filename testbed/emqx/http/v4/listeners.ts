export const DASHBOARD_PORT = 18083

/**
 * The listeners of EMQX 4.4's default configuration, in the order in which the API lists them: the operator makes the
 * Service's ports from this list.
 */
export const LISTENERS = [
  { protocol: 'mqtt:tcp', port: 1883, serves: 'tcp' },
  { protocol: 'http:management', port: 8081, serves: 'http' },
  { protocol: 'http:dashboard', port: DASHBOARD_PORT, serves: 'http' },
  { protocol: 'mqtt:ssl', port: 8883, serves: 'ssl' },
  { protocol: 'mqtt:ws', port: 8083, serves: 'ws' },
  { protocol: 'mqtt:wss', port: 8084, serves: 'wss' },
] as const
