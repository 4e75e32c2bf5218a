import type { Argv } from 'yargs'
import { OPERATOR_NAMES } from '#weir/model/index.ts'
import { seedOption } from '../options.ts'

/** The flags of `weir plan`. Durations and shares are text: "3s", "1%". */
export function planOptions(yargs: Argv) {
  return seedOption(yargs)
    .option('clients', { type: 'number', demandOption: true, describe: 'clients that are connected' })
    .option('nodes', { type: 'number', default: 3, describe: 'EMQX nodes that serve them' })
    .option('dialect', {
      choices: ['v1beta4', 'v2beta1'] as const,
      default: 'v2beta1' as const,
      describe: 'resource of the operator: EmqxEnterprise (EMQX 4.4) or EMQX (EMQX 5)',
    })
    .option('operator', {
      choices: [...new Set(OPERATOR_NAMES.map((name) => name.split('@')[1]!))],
      default: '2.2.29',
      describe: 'release line of the EMQX Operator',
    })
    .option('conn-evict-rate', {
      type: 'number',
      describe: 'connections evicted a second; leave it out to find the safe rates',
    })
    .option('sess-evict-rate', {
      type: 'number',
      defaultDescription: 'that of connections',
      describe: 'sessions evicted a second',
    })
    .option('wait-takeover', { type: 'string', default: '10s', describe: 'waitTakeover of the resource' })
    .option('initial-delay', {
      type: 'string',
      default: '10s',
      describe: 'initialDelaySeconds of the resource',
    })
    .option('health-check-wait', {
      type: 'string',
      defaultDescription: '60s for EMQX 5, none for 4.4',
      describe: "EMQX's wait before it evicts",
    })
    .option('poll', {
      type: 'string',
      defaultDescription: "the release line's",
      describe: 'time between two passes of the operator',
    })
    .option('new-nodes', { type: 'string', default: '60s', describe: 'until new nodes are ready' })
    .option('pod-end', { type: 'string', default: '5s', describe: 'until a deleted pod is gone' })
    .option('connect', { type: 'string', default: '20ms', describe: 'from an attempt to its CONNACK' })
    .option('sessions', { type: 'string', default: '0', describe: 'share of clients that keep a session' })
    .option('reconnect', {
      type: 'string',
      default: 'mqttjs',
      describe: 'client library (docs/reconnect-policies.md), fixed:5s, or exponential:1s-2m,full',
    })
    .option('licence', { type: 'number', describe: 'connections or sessions that the licence is for' })
    .option('emqx', { type: 'string', describe: 'version of EMQX, by which the licence counts, e.g. 5.8.6' })
    .option('away', {
      type: 'number',
      default: 0,
      describe: 'clients that are away, whose sessions EMQX keeps',
    })
    .option('tls', {
      type: 'string',
      describe: 'CPU time of a node for one TLS handshake: 3.3ms was measured of EMQX 5.8.9 with RSA 2048',
    })
    .option('max-downtime-p99', { type: 'string', describe: 'goal: 99 of 100 clients are back within this' })
    .option('max-offline', { type: 'string', describe: 'goal: most clients offline at once, e.g. 1%' })
    .option('accept-rate', { type: 'number', describe: 'goal: most attempts a second that a node takes' })
    .option('within', { type: 'string', describe: 'goal: longest time in all' })
    .option('json', { type: 'boolean', default: false, describe: 'print JSON' })
    .option('html', { type: 'string', describe: 'file for a page with curves over time' })
}

type Flags<Parser> = Parser extends Argv<infer Args> ? Args : never
export type PlanFlags = Flags<ReturnType<typeof planOptions>>
