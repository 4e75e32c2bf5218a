import type { Run } from '../run/run.ts'
import { audited } from './audited.ts'

/**
 * Takes members that no pod runs any more off EMQX's list: it goes on to list a node that has left as stopped. EMQX 4.4 has no request for
 * it, and forgets them by itself after minutes.
 */
export async function forgetMembers(run: Run): Promise<void> {
  await audited(run, 'forget-members', 'members that no pod runs', async () => {
    const [pod] = run.live.reachable
    if (!pod) throw new Error('no node can be asked')
    const emqx = run.cluster.emqx(pod)
    const { forgetMember } = emqx
    if (!forgetMember) return 'this release of EMQX has no request for it'
    const nodes = new Set(run.live.pods.map(({ node }) => node))
    const gone = (await emqx.nodes()).filter(({ node, running }) => !running && !nodes.has(node))
    for (const { node } of gone) await forgetMember(node)
    return gone.length === 0 ? 'there was none' : gone.map(({ node }) => node).join(', ')
  })
}
