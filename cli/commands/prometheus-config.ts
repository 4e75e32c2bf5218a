import { resolve } from 'node:path'
import { EXIT, WeirError } from '#weir/errors/index.ts'
import { emqxTlsOptions, kubeconfigOption, resourceOptions } from '../cluster-options.ts'
import { defineCommand } from '../command.ts'

export const prometheusConfig = defineCommand({
  usage: 'prometheus-config',
  summary: 'print the configuration with which a Prometheus scrapes the EMQX pods of a cluster',
  examples: [
    ['prometheus-config --kubeconfig ~/.kube/config', 'for an EMQX of a default installation'],
    ['prometheus-config --kubeconfig ~/.kube/config --interval 5', 'scrapes more often'],
  ],
  options: (yargs) =>
    emqxTlsOptions(
      resourceOptions(
        kubeconfigOption(
          yargs,
          'kubeconfig of the cluster; Prometheus reads it too, with its current context',
        ),
      ),
    )
      .option('interval', {
        type: 'number',
        default: 10,
        describe: 'seconds between two scrapes of one pod',
      })
      .option('password-file', {
        type: 'string',
        defaultDescription: 'EMQX 4.4: its initial user; EMQX 5: no credentials',
        describe: 'file with the password, or API secret, of WEIR_EMQX_USER or WEIR_EMQX_API_KEY',
      })
      .check(({ interval }) => {
        if (Number.isInteger(interval) && interval >= 1) return true
        throw new WeirError('WEIR_USAGE', '--interval takes a whole number of seconds of at least 1')
      }, false),
  async run(flags, output) {
    const { kubeconfig, namespace, name, interval, 'password-file': passwordFile } = flags
    const { 'emqx-ca': caFile, 'emqx-insecure': insecure } = flags
    const { filesOf, scrapeConfig } = await import('#weir/cluster/index.ts')
    if (filesOf(kubeconfig).length > 1)
      throw new WeirError(
        'WEIR_USAGE',
        'Prometheus reads one kubeconfig, not several: make one of them with "kubectl config view --flatten --raw"',
      )
    const { stringify } = await import('yaml')
    const username = output.env.WEIR_EMQX_USER || output.env.WEIR_EMQX_API_KEY || undefined
    if ((username === undefined) !== (passwordFile === undefined))
      throw new WeirError(
        'WEIR_USAGE',
        username === undefined
          ? '--password-file needs a user: set WEIR_EMQX_USER, for EMQX 5 WEIR_EMQX_API_KEY'
          : 'the configuration does not contain passwords: write the password to a file and pass it with --password-file',
      )
    const config = await scrapeConfig({
      kubeconfig,
      namespace,
      name,
      intervalSeconds: interval,
      ...((caFile !== undefined || insecure) && { tls: { caFile, insecure } }),
      ...(username && passwordFile && { user: { username, passwordFile: resolve(passwordFile) } }),
    })
    output.print(stringify(config).trimEnd())
    return EXIT.pass
  },
})
