import { resolve } from 'node:path'
import type { Argv } from 'yargs'
import type { ClientFlags } from '#weir/bench/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import type { ClusterFlags } from './cluster-options.ts'
import { prometheusFlag } from './prometheus-flag.ts'

const LARGEST = 0xffff_ffff

export function seedOption<Args>(yargs: Argv<Args>) {
  return yargs
    .option('seed', {
      type: 'number',
      default: 1,
      describe: 'random seed',
    })
    .check(({ seed }) => {
      if (Number.isInteger(seed) && seed >= 0 && seed <= LARGEST) return true
      throw new WeirError('WEIR_USAGE', `--seed takes a whole number from 0 to ${LARGEST}`)
    }, false)
}

/** A flag with one text as its value, which may be given several times. */
const repeatable = (describe: string) => ({
  type: 'string' as const,
  array: true as const,
  nargs: 1,
  default: [] as string[],
  defaultDescription: 'none',
  describe,
})

/** --set path=value, repeatable. */
export function setOption<Args>(yargs: Argv<Args>) {
  return yargs.option('set', repeatable('change one value of the scenario, e.g. --set fleet.clients=300'))
}

/** --bound assertion.name=number, repeatable. */
export function boundOption<Args>(yargs: Argv<Args>) {
  return yargs.option(
    'bound',
    repeatable('change one bound of an assertion, e.g. --bound downtime.mostSeconds=5'),
  )
}

/** --label name=value, repeatable. */
export function labelOption<Args>(yargs: Argv<Args>) {
  return yargs.option(
    'label',
    repeatable('name=value for the title of every report, e.g. --label operator=2.2.29'),
  )
}

/** --repeat, --baseline, --policy */
export interface GateFlags {
  repeat?: number | undefined
  baseline?: string | undefined
  policy?: string | undefined
}

export function gateOptions<Args>(yargs: Argv<Args>) {
  return yargs
    .option('repeat', {
      type: 'number',
      defaultDescription: '1, with --baseline 3',
      describe: 'so many runs, one after the other, each with the next seed and a record of its own',
    })
    .option('baseline', {
      type: 'string',
      describe: 'file of "weir baseline save": compare the runs with it (docs/gate.md); exit code 5 is worse',
    })
    .option('policy', {
      type: 'string',
      describe: 'YAML file of the differences that matter to --baseline',
    })
    .implies('policy', 'baseline')
    .conflicts('repeat', ['kubeconfig', 'keep'])
    .conflicts('baseline', ['kubeconfig', 'keep'])
}

/** --to VERSION */
export function versionOption<Args>(yargs: Argv<Args>) {
  return yargs.option('to', {
    type: 'string',
    describe: "EMQX version to upgrade to, instead of the scenario's",
  })
}

/** `--leave-sessions`: what `fleet.leaveSessions` of a scenario says. */
export function leaveSessionsOption<Args>(yargs: Argv<Args>) {
  return yargs.option('leave-sessions', {
    type: 'boolean',
    describe: "do not end the sessions of weir's persistent clients; they stay until they expire",
  })
}

/** The scenario with the flag applied. */
export function withLeaveSessions(scenario: Scenario, leaveSessions: boolean | undefined): Scenario {
  return leaveSessions ? { ...scenario, fleet: { ...scenario.fleet, leaveSessions } } : scenario
}

/** The flag that chooses a testbed. */
export interface TestbedFlags {
  testbed?: Scenario['testbed']['kind'] | undefined
}

/** `--testbed`: what `testbed.kind` of a scenario says. */
export function testbedOption<Args>(yargs: Argv<Args>, describe: string, defaultDescription: string) {
  return yargs.option('testbed', {
    choices: ['embedded', 'control-plane', 'kind'] as const,
    defaultDescription,
    describe,
  })
}

/** The flags of clusters that last longer than a run. */
export interface LastingFlags {
  adopt?: string | undefined
  keep?: boolean | undefined
}

/** --adopt, --keep */
export function lastingOptions<Args>(yargs: Argv<Args>) {
  return yargs
    .option('adopt', {
      type: 'string',
      describe: 'with --testbed kind: use your kind cluster of this name, and remove nothing of it',
    })
    .option('keep', {
      type: 'boolean',
      describe: 'leave the cluster running after the run, until "weir testbed down"',
    })
    .conflicts('adopt', 'keep')
}

/** The scenario with the flag applied. */
export const withTestbed = (scenario: Scenario, { testbed: kind }: TestbedFlags): Scenario =>
  kind === undefined ? scenario : { ...scenario, testbed: { ...scenario.testbed, kind } }

/** The flags for real programs in a testbed. */
export interface ProgramFlags {
  'operator-binary'?: string | undefined
  'operator-manifests'?: string | undefined
  emqx?: string[] | undefined
}

/** --operator-binary, --operator-manifests, --emqx */
export function programOptions<Args>(yargs: Argv<Args>) {
  return yargs
    .option('operator-binary', {
      type: 'string',
      describe: 'a build of the EMQX Operator to run in the testbed, instead of emulating one',
    })
    .option('operator-manifests', {
      type: 'string',
      defaultDescription: 'the folder of --operator-binary',
      describe: "folder or file with that operator's definitions, webhooks, roles and Deployment",
    })
    .option('emqx', {
      type: 'string',
      array: true,
      nargs: 1,
      describe:
        'unpacked EMQX 5 installation whose nodes to run, instead of emulating them; VERSION=DIR for one version only',
    })
    .implies('operator-manifests', 'operator-binary')
}

/** What the flags put in place of emulated parts of a testbed. */
export function programsOf(flags: ProgramFlags): Pick<Partial<Scenario['testbed']>, 'operator' | 'emqx'> {
  const { 'operator-binary': binary, 'operator-manifests': manifests, emqx } = flags
  const operator = binary && {
    binary: resolve(binary),
    ...(manifests !== undefined && { manifests: resolve(manifests) }),
  }
  const installations = emqx?.map((text) => {
    const [, version, dir = text] = /^(\d+\.[\w.-]+)=(.+)$/.exec(text) ?? []
    return { dir: resolve(dir), ...(version !== undefined && { version }) }
  })
  return { ...(operator && { operator }), ...(installations && { emqx: installations }) }
}

/** The scenario with real programs in place of emulated ones. */
export const withPrograms = (scenario: Scenario, flags: ProgramFlags): Scenario => ({
  ...scenario,
  testbed: { ...scenario.testbed, ...programsOf(flags) },
})

/** --fleet, --pods, --fleet-image */
export interface FleetFlags {
  fleet: 'process' | 'job'
  pods?: number | undefined
  'fleet-image'?: string | undefined
}

export function fleetOptions<Args>(yargs: Argv<Args>) {
  return yargs
    .option('fleet', {
      choices: ['process', 'job'] as const,
      default: 'process' as const,
      describe: 'where the clients run: in this process, or in pods of a Job in the cluster',
    })
    .option('pods', { type: 'number', describe: 'number of pods of --fleet job' })
    .option('fleet-image', {
      type: 'string',
      defaultDescription: 'that of the pod that weir runs in',
      describe: 'image of weir for the pods of --fleet job',
    })
}

export interface PrometheusFlags {
  /** Once or twice: see `prometheusFlag`. */
  prometheus?: string | string[] | undefined
  scrape: boolean
}

/** --prometheus URL, --no-scrape: what `observe.prometheus` and `observe.scrape` of a scenario say; --prometheus [[HOST:]PORT]. */
export function prometheusOptions<Args>(yargs: Argv<Args>) {
  return yargs
    .option('prometheus', {
      type: 'string',
      describe:
        'http(s)://…: a Prometheus that scrapes the pods; record and judge its samples too. [HOST:]PORT: serve metrics of the run there; without a value: 127.0.0.1:9464',
    })
    .option('scrape', {
      type: 'boolean',
      default: true,
      describe: 'scrape the pods; --no-scrape leaves their gauges to the Prometheus',
    })
}

/** The scenario with the flags applied. */
export function withPrometheus(scenario: Scenario, { prometheus, scrape }: PrometheusFlags): Scenario {
  const { url } = prometheusFlag(prometheus)
  const observe = {
    ...scenario.observe,
    ...(url !== undefined && { prometheus: url }),
    ...(!scrape && { scrape }),
  }
  return { ...scenario, observe }
}

/** What `weir doctor` was given. */
export interface DoctorFlags extends ClientFlags, ClusterFlags, FleetFlags {
  kubeconfig?: string | undefined
  scenario?: string | undefined
  set: string[]
  to?: string | undefined
  clients?: number | undefined
  hostname?: string | undefined
  port?: number | undefined
  ifaddr?: string[] | undefined
  processes?: number | undefined
}
