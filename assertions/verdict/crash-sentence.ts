import type { RunView } from '#weir/record/view/index.ts'
import { crashesOf, droppedBy } from '../evidence/crashes.ts'
import { moment, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'

/** The crash that disconnected most clients; undefined when none did. */
export function crashSentence(run: RunView): string | undefined {
  const dropped = crashesOf(run).map((crash) => ({ crash, clients: droppedBy(run, crash) }))
  const [worst] = dropped.filter(({ clients }) => clients > 0).sort((a, b) => b.clients - a.clients)
  if (!worst) return undefined
  const { crash, clients } = worst
  return MESSAGES.verdict.crashed({
    ...crash,
    node: shortName(run, crash.node),
    at: moment(run, crash.t),
    clients,
  })
}
