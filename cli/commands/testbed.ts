import { EXIT, WeirError } from '#weir/errors/index.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { faultOption } from '../fault-option.ts'
import { programOptions, programsOf } from '../options.ts'

const up = defineCommand({
  usage: 'up',
  summary: 'start an embedded cluster that keeps running, and print its kubeconfig',
  options: (yargs) =>
    programOptions(faultOption(yargs))
      .option('operator', {
        choices: ['2.1.2', '2.2.29'] as const,
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
    const { testbedUp } = await import('#weir/testbed/index.ts')
    const { kubeconfig } = await testbedUp({
      operator,
      ...programsOf(flags),
      pollIntervalSeconds: poll,
      healthCheckWaitSeconds,
      faults: fault,
    })
    output.print(kubeconfig)
    output.note(`the cluster runs until "weir testbed down": export KUBECONFIG=${kubeconfig}`)
    return EXIT.pass
  },
})

const down = defineCommand({
  usage: 'down',
  summary: 'stop the embedded cluster that "up" started',
  async run(_args, output) {
    const { testbedDown } = await import('#weir/testbed/index.ts')
    output.print((await testbedDown()) ? 'stopped' : 'no embedded cluster was running')
    return EXIT.pass
  },
})

const status = defineCommand({
  usage: 'status',
  summary: 'show whether an embedded cluster runs, and its kubeconfig',
  async run(_args, output) {
    const { testbedStatus } = await import('#weir/testbed/index.ts')
    const running = await testbedStatus()
    output.print(running ? `running: ${running.kubeconfig}` : 'no embedded cluster is running')
    return EXIT.pass
  },
})

export const testbed = defineGroup('testbed', 'keep an embedded cluster running, to use with kubectl', [
  up,
  down,
  status,
])
