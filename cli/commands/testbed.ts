import { EXIT, WeirError } from '#weir/errors/index.ts'
import { EMULATED_LINES } from '#weir/facts/index.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { faultOption, refuseFaultsOfParts } from '../fault-option.ts'
import { programOptions, programsOf, testbedOption } from '../options.ts'

const up = defineCommand({
  usage: 'up',
  summary: 'start a cluster that keeps running, and print its kubeconfig',
  examples: [
    ['testbed up', 'prints the kubeconfig: kubectl works with it'],
    ['testbed up --operator 2.2.29 --fault rate-13', 'another release line, and a fault'],
  ],
  options: (yargs) =>
    testbedOption(programOptions(faultOption(yargs)), 'cluster to start', 'embedded')
      .option('operator', {
        choices: EMULATED_LINES,
        default: '2.1.2' as const,
        describe: 'release line of the EMQX Operator to emulate',
      })
      .option('poll', {
        type: 'number',
        defaultDescription: 'as released: 20 for EMQX 4.4, 1 for EMQX 5',
        describe: 'seconds between two reconciliations of the operator during an update',
      })
      .option('health-check-wait', {
        type: 'number',
        defaultDescription: "EMQX's own 60",
        describe: 'seconds that EMQX 5 waits for health checks before it evicts',
      })
      .check(({ poll = 1, 'health-check-wait': wait = 0 }) => {
        if (poll <= 0) throw new WeirError('WEIR_USAGE', '--poll takes a number of seconds above 0')
        if (wait < 0)
          throw new WeirError('WEIR_USAGE', '--health-check-wait takes a number of seconds of at least 0')
        return true
      }, false),
  async run({ operator, poll, fault, 'health-check-wait': healthCheckWaitSeconds, ...flags }, output) {
    const { buildPrograms, prepareKind, testbedUp } = await import('#weir/testbed/index.ts')
    const { testbed: kind } = flags
    await refuseFaultsOfParts(fault, kind)
    if (kind === 'control-plane') await buildPrograms(output.note)
    if (kind === 'kind') await prepareKind(programsOf(flags), output.note)
    const { kubeconfig, pid } = await testbedUp({
      ...(kind && { kind }),
      operator,
      ...programsOf(flags),
      pollIntervalSeconds: poll,
      healthCheckWaitSeconds,
      faults: fault,
    })
    output.print(kubeconfig)
    output.note(`the cluster runs until "weir testbed down": export KUBECONFIG=${kubeconfig}`)
    if (kind === 'control-plane')
      output.note(`it has a network namespace of its own: ${enter(pid)} kubectl get nodes`)
    return EXIT.pass
  },
})

/** How a command reaches a cluster that is in the network namespace of a process. */
const enter = (pid: number) => `nsenter --target ${pid} --net`

const down = defineCommand({
  usage: 'down',
  summary: 'stop the cluster that "up" started',
  examples: [['testbed down', 'removes what "weir testbed up" started']],
  async run(_args, output) {
    const { testbedDown } = await import('#weir/testbed/index.ts')
    output.print((await testbedDown()) ? 'stopped' : 'no testbed was running')
    return EXIT.pass
  },
})

const status = defineCommand({
  usage: 'status',
  summary: 'show whether a cluster runs, and its kubeconfig',
  examples: [['testbed status', 'prints the kubeconfig again']],
  async run(_args, output) {
    const { testbedStatus } = await import('#weir/testbed/index.ts')
    const running = await testbedStatus()
    output.print(running ? `running: ${running.kubeconfig}` : 'no testbed is running')
    if (running?.kind === 'control-plane') output.print(`network namespace: ${enter(running.pid)}`)
    return EXIT.pass
  },
})

export const testbed = defineGroup('testbed', 'keep a cluster running, to use with kubectl', [
  up,
  down,
  status,
])
