import type { NodeCore } from '../../node-core.ts'
import { type Answer, bare } from '../answer.ts'
import { get, type Route } from '../routes.ts'

export const ok = (data: unknown): Answer => ({ status: 200, body: { code: 0, data } })
/** `{"data":[],"code":0}`, in the order that 4.4 prints for start and stop. */
export const done = (): Answer => bare({ data: [], code: 0 })
/** A business error: 4.4 answers HTTP 200 with a code (docs/contract/emqx.md#api-errors). */
export const failed = (message: string, code = 400): Answer => bare({ code, message })

/** What every running node has, by the node's name and of one node alone. */
export const perNode = (name: string, read: (node: NodeCore) => unknown): Route[] => [
  get(`/api/v4/${name}`, ({ node }) =>
    ok(node.group.running().map((member) => ({ node: member.name, [name]: read(member) }))),
  ),
  get(`/api/v4/nodes/*/${name}`, ({ node, params }) => {
    const member = node.group.nodeNamed(params[0]!)
    return member === undefined ? failed('not_found', 404) : ok(read(member))
  }),
]
