import type { Argv } from 'yargs'

/** The flags that go with --kubeconfig: they select the resource. */
export function clusterOptions<Args>(yargs: Argv<Args>) {
  return yargs
    .option('context', {
      type: 'string',
      defaultDescription: "the kubeconfig's",
      describe: 'context of the kubeconfig',
    })
    .option('namespace', {
      type: 'string',
      defaultDescription: "the context's",
      describe: 'namespace of the custom resource',
    })
    .option('name', {
      type: 'string',
      defaultDescription: 'the only one',
      describe: 'name of the custom resource',
    })
    .option('operator', {
      type: 'string',
      defaultDescription: "by its Deployment's image",
      describe: 'release line of the EMQX Operator, e.g. 2.2.29, if it cannot be detected',
    })
}

export interface ClusterFlags {
  context?: string | undefined
  namespace?: string | undefined
  name?: string | undefined
  operator?: string | undefined
}
