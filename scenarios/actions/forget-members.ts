import type { Run } from '../run/run.ts'
import { audited } from './audited.ts'

/**
 * Takes the nodes that were evacuated, and whose pods are gone, off EMQX's list of members: it goes on to list them as stopped. EMQX 4.4 has
 * no request for it, and forgets them by itself after minutes.
 */
export async function forgetMembers(run: Run, signal: AbortSignal): Promise<void> {
  await audited(run, 'forget-members', 'evacuated nodes whose pods are gone', async () => {
    const [pod] = run.live.reachable
    if (!pod) throw new Error('no node can be asked')
    const emqx = run.cluster.emqx(pod)
    const { forgetMember } = emqx
    if (!forgetMember) return 'this release of EMQX has no request for it'
    const there = new Set(run.live.pods.map(({ node }) => node))
    const gone = (await emqx.nodes()).filter(
      ({ node, running }) => !running && run.state.evacuatedNodes.has(node) && !there.has(node),
    )
    for (const { node } of gone) {
      signal.throwIfAborted()
      await forgetMember(node)
    }
    return gone.length === 0 ? 'there was none' : gone.map(({ node }) => node).join(', ')
  })
}
