import type { Argv } from 'yargs'
import { EXIT } from '#weir/errors/index.ts'
import { kubeconfigOption } from '../cluster-options.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { jsonOption, jsonText } from '../output-options.ts'

const policyOption = <Args>(yargs: Argv<Args>) =>
  yargs.option('policy', {
    type: 'string',
    defaultDescription: 'at most 7 nodes',
    describe: 'YAML file of what is allowed (docs/operations.md)',
  })

const show = defineCommand({
  usage: 'show',
  summary: 'print the ValidatingAdmissionPolicies that hold everybody to a policy',
  examples: [
    ['policy show', 'with the defaults'],
    ['policy show --policy policy.yaml', 'from a file'],
  ],
  options: (yargs) => jsonOption(policyOption(yargs)),
  async run({ policy, json }, output) {
    const { admissionPolicies, readPolicy } = await import('#weir/preflight/index.ts')
    const { stringify } = await import('yaml')
    const objects = admissionPolicies(readPolicy(policy))
    // A List is what kubectl takes as one document.
    if (json) output.print(jsonText({ apiVersion: 'v1', kind: 'List', items: objects }))
    else
      output.print(
        objects
          .map((object) => stringify(object, { lineWidth: 0 }))
          .join('---\n')
          .trimEnd(),
      )
    return EXIT.pass
  },
})

const install = defineCommand({
  usage: 'install',
  summary: 'write them to a cluster; it takes an administrator of the whole cluster',
  examples: [
    ['policy install --policy policy.yaml --kubeconfig ~/.kube/config', 'as an administrator of the cluster'],
  ],
  options: (yargs) =>
    kubeconfigOption(policyOption(yargs)).option('context', {
      type: 'string',
      describe: 'context of the kubeconfig',
    }),
  async run({ policy, kubeconfig, context }, output) {
    const { installPolicies } = await import('../own-cluster/install-policies.ts')
    for (const line of await installPolicies({ policy, kubeconfig, context })) output.print(line)
    return EXIT.pass
  },
})

export const policy = defineGroup('policy', 'rules of operations that the API server itself enforces', [
  show,
  install,
])
