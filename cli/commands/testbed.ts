import { EXIT, WeirError } from '#weir/errors/index.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { faultOption } from '../fault-option.ts'

const up = defineCommand({
  usage: 'up',
  summary: 'start an embedded cluster that keeps running, and print its kubeconfig',
  options: (yargs) =>
    faultOption(yargs)
      .option('operator', {
        choices: ['2.1.2', '2.2.29'] as const,
        default: '2.1.2' as const,
        describe: 'release line of the EMQX Operator that is emulated',
      })
      .option('poll', {
        type: 'number',
        default: 20,
        describe: "seconds between the operator's looks at the cluster",
      })
      .check(({ poll }) => {
        if (poll > 0 || Number.isNaN(poll)) return true
        throw new WeirError('WEIR_USAGE', '--poll takes a number of seconds above 0')
      }, false),
  async run({ operator, poll, fault }, output) {
    const { testbedUp } = await import('#weir/testbed/index.ts')
    const { kubeconfig } = await testbedUp({ operator, pollIntervalSeconds: poll, faults: fault })
    output.print(kubeconfig)
    output.note(`the cluster runs until "weir testbed down": export KUBECONFIG=${kubeconfig}`)
    return EXIT.pass
  },
})

const down = defineCommand({
  usage: 'down',
  summary: 'stop the embedded cluster that "up" started',
  options: (yargs) => yargs,
  async run(_args, output) {
    const { testbedDown } = await import('#weir/testbed/index.ts')
    output.print((await testbedDown()) ? 'stopped' : 'no embedded cluster was running')
    return EXIT.pass
  },
})

const status = defineCommand({
  usage: 'status',
  summary: 'say whether an embedded cluster runs, and where its kubeconfig is',
  options: (yargs) => yargs,
  async run(_args, output) {
    const { testbedStatus } = await import('#weir/testbed/index.ts')
    const running = await testbedStatus()
    output.print(running ? `running: ${running.kubeconfig}` : 'no embedded cluster is running')
    return EXIT.pass
  },
})

/** weir testbed: an embedded cluster to look at with kubectl. */
export const testbed = defineGroup('testbed', 'keep an embedded cluster running, to use with kubectl', [
  up,
  down,
  status,
])
