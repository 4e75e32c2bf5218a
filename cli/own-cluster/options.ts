import type { Argv } from 'yargs'

/** Which resource of which cluster is meant; the flags that go with --kubeconfig. */
export function clusterOptions<Args>(yargs: Argv<Args>) {
  return yargs
    .option('context', {
      type: 'string',
      defaultDescription: "the kubeconfig's own",
      describe: 'context of the kubeconfig',
    })
    .option('namespace', {
      type: 'string',
      defaultDescription: "the context's own",
      describe: 'namespace of the custom resource',
    })
    .option('name', {
      type: 'string',
      defaultDescription: 'the only one there',
      describe: 'name of the custom resource',
    })
    .option('operator', {
      type: 'string',
      defaultDescription: "by its Deployment's image",
      describe: 'release line of the EMQX Operator, e.g. 2.2.29, where the cluster does not tell',
    })
}

/** What these flags give. */
export interface ClusterFlags {
  context?: string | undefined
  namespace?: string | undefined
  name?: string | undefined
  operator?: string | undefined
}
