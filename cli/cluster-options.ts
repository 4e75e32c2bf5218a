import type { Argv } from 'yargs'
import { WeirError } from '#weir/errors/index.ts'
import { clientOptions } from './client-options.ts'

/** --namespace, --name: which resource of a cluster. */
export function resourceOptions<Args>(yargs: Argv<Args>) {
  return yargs
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
}

/** The cluster of a command that needs one: --kubeconfig, else KUBECONFIG, as for kubectl. */
export function kubeconfigOption<Args>(yargs: Argv<Args>, describe = 'kubeconfig of the cluster') {
  return yargs
    .option('kubeconfig', {
      type: 'string',
      default: process.env.KUBECONFIG ?? '',
      defaultDescription: 'KUBECONFIG',
      describe,
    })
    .check(({ kubeconfig }) => {
      if (kubeconfig !== '') return true
      throw new WeirError('WEIR_USAGE', '--kubeconfig is missing: name the file, or set KUBECONFIG')
    }, false)
}

/** --emqx-ca, --emqx-insecure: how EMQX's HTTP API proves who it is, where it speaks TLS. */
export function emqxTlsOptions<Args>(yargs: Argv<Args>) {
  return yargs
    .option('emqx-ca', {
      type: 'string',
      defaultDescription: 'those that Node.js trusts',
      describe: "PEM file of the authorities of the certificate of EMQX's HTTP API; uses its HTTPS listener",
    })
    .option('emqx-insecure', {
      type: 'boolean',
      describe: "accept any certificate of EMQX's HTTP API; uses its HTTPS listener",
    })
}

/** The flags that go with --kubeconfig: they select the resource. */
export function accessOptions<Args>(yargs: Argv<Args>) {
  return emqxTlsOptions(
    resourceOptions(
      yargs.option('context', {
        type: 'string',
        defaultDescription: "the kubeconfig's",
        describe: 'context of the kubeconfig',
      }),
    ),
  )
    .option('as-role', {
      type: 'string',
      defaultDescription: "the kubeconfig's user",
      describe:
        'make requests with the rights of a role of deploy/roles: system, org:O, project:O/P or user:O/P',
    })
    .option('operator', {
      type: 'string',
      defaultDescription: "by its Deployment's image",
      describe: 'release line of the EMQX Operator, e.g. 2.2.29, if it cannot be detected',
    })
}

/** The same, and how clients come in. */
export function clusterOptions<Args>(yargs: Argv<Args>) {
  return clientOptions(accessOptions(yargs))
    .option('service', {
      type: 'string',
      defaultDescription: "the operator's",
      describe: 'Service through which clients connect, e.g. one of your own',
    })
    .option('listener', {
      type: 'string',
      defaultDescription: 'the one for --protocol',
      describe: 'port of the Service for clients: its name, its number, or the listener as EMQX names it',
    })
    .option('address', {
      type: 'string',
      describe: 'HOST:PORT[,HOST:PORT] where clients connect, if no Service shows it, e.g. of a gateway',
    })
    .conflicts('address', ['service', 'listener'])
}

/** Those that need --kubeconfig. */
export const CLUSTER_FLAGS = [
  ...(['context', 'as-role', 'namespace', 'name', 'operator'] as const),
  ...(['emqx-ca', 'emqx-insecure', 'service', 'listener', 'address'] as const),
] as const

type ClusterFlag = (typeof CLUSTER_FLAGS)[number]
export type ClusterFlags = Partial<Record<Exclude<ClusterFlag, 'emqx-insecure'>, string | undefined>> & {
  'emqx-insecure'?: boolean | undefined
}
