import type { Options } from 'yargs'

const group = 'TLS (-l mqtts or wss):'

export const tlsOptions = {
  ca: { group, type: 'string', requiresArg: true, describe: 'PEM file of the authorities to trust' },
  cert: { group, type: 'string', requiresArg: true, describe: "PEM file of the clients' certificate" },
  key: { group, type: 'string', requiresArg: true, describe: "PEM file of the clients' key" },
  insecure: { group, type: 'boolean', describe: 'do not verify the server certificate' },
  alpn: { group, type: 'string', array: true, requiresArg: true, describe: 'application protocols to offer' },
  servername: {
    ...{ group, type: 'string', requiresArg: true, defaultDescription: 'the host' },
    describe: 'name to ask for (SNI) and to verify',
  },
} as const satisfies Record<string, Options>
