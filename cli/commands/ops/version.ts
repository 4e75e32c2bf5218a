import { defineCommand } from '../../command.ts'
import type { Output } from '../../output.ts'
import type { VerdictFlags } from '../../output-options.ts'
import type { VersionRequest } from '../../own-cluster/operations/change-version.ts'
import { operationOptions } from './operation-options.ts'
import { told } from './told.ts'

const VERSION = { type: 'string', demandOption: true, describe: 'EMQX version, e.g. 5.8.9' } as const

export const upgrade = defineCommand({
  usage: 'upgrade <to>',
  summary: 'change to a newer version of EMQX',
  examples: [['ops upgrade 5.8.9 --kubeconfig ~/.kube/config --clients 100', '100 clients watch']],
  options: (yargs) => operationOptions(yargs).positional('to', VERSION),
  run: (args, output) => changeVersion('upgrade', args, output),
})

export const downgrade = defineCommand({
  usage: 'downgrade <to>',
  summary: 'change to an older version of EMQX',
  examples: [['ops downgrade 5.8.6 --kubeconfig ~/.kube/config --clients 100', '100 clients watch']],
  options: (yargs) =>
    operationOptions(yargs).positional('to', VERSION).option('allow-downgrade', {
      type: 'boolean',
      describe: 'also to an earlier minor release, which may not read what the later one has written',
    }),
  run: (args, output) => changeVersion('downgrade', args, output),
})

async function changeVersion(
  operation: 'upgrade' | 'downgrade',
  request: VersionRequest & VerdictFlags,
  output: Output,
): Promise<number> {
  const { changeVersionAndJudge } = await import('../../own-cluster/operations/change-version.ts')
  return told(request, output, (quiet) => changeVersionAndJudge(operation, request, quiet))
}
