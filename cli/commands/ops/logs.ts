import { EXIT, usageError } from '#weir/errors/index.ts'
import { accessOptions } from '../../cluster-options.ts'
import { defineCommand } from '../../command.ts'
import { jsonOption } from '../../output-options.ts'

export const logs = defineCommand({
  usage: 'logs [run]',
  summary: "show EMQX's logs, of a cluster or of a record",
  examples: [
    ['ops logs --kubeconfig ~/.kube/config', 'the latest 100 lines of all clusters in the namespace'],
    ['ops logs --kubeconfig ~/.kube/config --cluster emqx --level error', 'errors of one cluster'],
    ['ops logs runs/RUN --text evict_conns --from 2026-01-31T08:15', 'what a run recorded of evictions'],
  ],
  options: (yargs) =>
    accessOptions(jsonOption(yargs))
      .positional('run', { type: 'string', describe: 'folder of a record, in place of --kubeconfig' })
      .option('kubeconfig', { type: 'string', describe: 'kubeconfig of the cluster' })
      .option('text', { type: 'string', describe: 'lines that contain this, in upper or lower case' })
      .option('product', {
        type: 'string',
        describe: 'emqx, or another container of its pods, e.g. reloader',
      })
      .option('cluster', { type: 'string', describe: 'name of the custom resource' })
      .option('level', { type: 'string', describe: 'lines of exactly this level, e.g. warning' })
      .option('from', {
        type: 'string',
        describe: 'from this time on, e.g. 2026-01-31T08:15:00+08:00, or 2026-01-31 08:15 in UTC',
      })
      .option('to', { type: 'string', describe: 'up to this time, inclusive' })
      .option('latest', { type: 'number', default: 100, describe: 'number of lines, the latest' })
      .check(({ run, kubeconfig }) => {
        if ((run === undefined) === (kubeconfig === undefined))
          throw usageError('name either the folder of a record or the cluster, with --kubeconfig')
        return true
      }, false),
  async run({ run, kubeconfig, json, ...flags }, output) {
    const { queryOf } = await import('../../logs/query.ts')
    const { show } = await import('../../logs/show.ts')
    const query = queryOf(flags)
    const found =
      run !== undefined
        ? await (await import('../../logs/of-record.ts')).logsOfRecord(run, query)
        : await (await import('../../logs/of-cluster.ts')).logsOfCluster(
            kubeconfig!,
            flags,
            query,
            output.env,
          )
    show(found, query, json, output)
    return EXIT.pass
  },
})
