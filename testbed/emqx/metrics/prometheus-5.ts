import type { NodeCore } from '../node-core.ts'
import { FAMILIES_5, type Family5, type Sample5 } from './families-5.ts'

/** The modes of a scrape; default `node`. */
export const MODES = ['node', 'all_nodes_aggregated', 'all_nodes_unaggregated'] as const
export type Mode = (typeof MODES)[number]

/** The text of 5.8: TYPE and an empty HELP before the samples of each family, two empty lines at the end. */
export function prometheusText5(node: NodeCore, mode: Mode): string {
  let text = ''
  for (const family of FAMILIES_5) {
    const { name, type } = family
    text += `# TYPE ${name} ${type}\n# HELP ${name} \n`
    for (const { labels, value } of samples(family, node, mode))
      text += `${name}${labels === '' ? '' : `{${labels}}`} ${value}\n`
  }
  return `${text}\n`
}

function samples(family: Family5, node: NodeCore, mode: Mode): Sample5[] {
  const { read, scope } = family
  if (mode === 'node' || scope === 'cluster') return read(node)
  const nodes = node.group.newestFirst()
  if (mode === 'all_nodes_unaggregated' || scope === 'host')
    return nodes.flatMap((each) =>
      read(each).map(({ labels, value }) => ({
        labels: `node="${each.name}"${labels === '' ? '' : `,${labels}`}`,
        value,
      })),
    )
  const sums = new Map<string, number>()
  for (const each of nodes)
    for (const { labels, value } of read(each)) sums.set(labels, (sums.get(labels) ?? 0) + value)
  return [...sums].map(([labels, value]) => ({ labels, value }))
}

/** Where the JSON form puts a family; the first that fits. */
const SECTIONS: [pattern: RegExp, section: string][] = [
  [/^emqx_authorization_/, 'acl'],
  [/^emqx_authentication_/, 'authn'],
  [/^emqx_client_/, 'client'],
  [/^emqx_cluster_nodes_/, 'cluster'],
  [/^emqx_conf_sync_/, 'cluster_rpc'],
  [/^emqx_delivery_/, 'delivery'],
  [/^emqx_messages_/, 'messages'],
  [/^emqx_vm_/, 'metrics'],
  [/^emqx_(packets|bytes)_/, 'packets'],
  [/^emqx_session_/, 'session'],
  [/_(count|max)$/, 'stats'],
]

/** One node's figures as JSON: what `Accept: application/json` gives. `client` is a list since 5.8.4. */
export function prometheusJson5(node: NodeCore): object {
  const sections: Record<string, Record<string, number>> = {}
  for (const [, section] of SECTIONS) sections[section] = {}
  for (const { name, read } of FAMILIES_5) {
    const section = SECTIONS.find(([pattern]) => pattern.test(name))?.[1]
    const [sample] = read(node)
    if (section !== undefined && sample?.labels === '') sections[section]![name] = sample.value
  }
  const { acl, authn, client, cluster, ...others } = sections
  return { acl, authn, certs: [], client: [client], cluster, ...others, olp: {} }
}
