import type { Argv } from 'yargs'
import { EXIT, WeirError } from '#weir/errors/index.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { clusterOptions, leaveSessionsOption, seedOption } from '../options.ts'
import type { Output } from '../output.ts'
import type { VersionRequest } from '../own-cluster/operate.ts'
import type { JudgedRun } from '../run/judged-after.ts'

/** The flags of every operation. */
function operationOptions<Args>(yargs: Argv<Args>) {
  return clusterOptions(leaveSessionsOption(seedOption(yargs)))
    .option('kubeconfig', { type: 'string', demandOption: true, describe: 'kubeconfig of the cluster' })
    .option('clients', {
      type: 'number',
      default: 0,
      describe: 'number of clients that watch; without clients, what the cluster itself shows is judged',
    })
    .option('dry-run', { type: 'boolean', describe: 'show the plan with the patch, and change nothing' })
    .option('policy', {
      type: 'string',
      defaultDescription: 'at most 7 nodes',
      describe: 'YAML file of what is allowed: number of nodes, images',
    })
    .option('yes', { type: 'boolean', describe: 'confirm the plan in advance' })
    .option('out', {
      type: 'string',
      defaultDescription: 'runs/<UTC time>-ops-<operation>',
      describe: 'folder of the record',
    })
}

const scale = defineCommand({
  usage: 'scale <replicas>',
  summary: 'change how many nodes accept clients; nodes that go are evacuated first',
  options: (yargs) =>
    operationOptions(yargs)
      .positional('replicas', {
        type: 'number',
        demandOption: true,
        describe: 'number of nodes that accept clients: replicants where there are any',
      })
      .option('raw', {
        type: 'boolean',
        describe: 'delete nodes with their clients on them, as the operator alone would',
      })
      .check(({ replicas }) => {
        if (Number.isInteger(replicas)) return true
        throw new WeirError('WEIR_USAGE', 'the number of nodes is a whole number')
      }, false),
  async run(args, output) {
    const { scaleAndJudge } = await import('../own-cluster/operate.ts')
    return told(await scaleAndJudge(args, output), output)
  },
})

const VERSION = { type: 'string', demandOption: true, describe: 'EMQX version, e.g. 5.8.9' } as const

const upgrade = defineCommand({
  usage: 'upgrade <to>',
  summary: 'change to a newer version of EMQX',
  options: (yargs) => operationOptions(yargs).positional('to', VERSION),
  run: (args, output) => changeVersion('upgrade', args, output),
})

const downgrade = defineCommand({
  usage: 'downgrade <to>',
  summary: 'change to an older version of EMQX',
  options: (yargs) =>
    operationOptions(yargs).positional('to', VERSION).option('allow-downgrade', {
      type: 'boolean',
      describe: 'also to an earlier minor release, which may not read what the later one has written',
    }),
  run: (args, output) => changeVersion('downgrade', args, output),
})

async function changeVersion(
  operation: 'upgrade' | 'downgrade',
  request: VersionRequest,
  output: Output,
): Promise<number> {
  const { changeVersionAndJudge } = await import('../own-cluster/operate.ts')
  return told(await changeVersionAndJudge(operation, request, output), output)
}

/** After a dry run there is nothing to tell. */
async function told(judged: JudgedRun | undefined, output: Output): Promise<number> {
  if (!judged) return EXIT.pass
  const { tellVerdict } = await import('../run/tell-verdict.ts')
  return tellVerdict(judged, output)
}

export const ops = defineGroup('ops', 'one operation on a cluster of your own, recorded and judged', [
  scale,
  upgrade,
  downgrade,
])
