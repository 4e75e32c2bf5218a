import { isFinished } from '../operator/v1beta4/emqx/api.ts'
import { fault } from './fault.ts'

export const wrongOrder = fault({
  name: 'wrong-order',
  part: 'operator',
  summary: 'nodes are evacuated lowest ordinal first',
  caughtBy: ['evacuation-serial'],
  // The nodes that were evacuated stay until Kubernetes removes the highest ordinal, so the next one starts beside them.
  v1beta4: (next) => ({
    inOrder: (descending) => next.inOrder(descending).toReversed(),
    mayStart: (evacuations) => evacuations.every(isFinished),
  }),
  v2beta1: (next) => ({
    inOrder: (descending) => next.inOrder(descending).toReversed(),
    watchesAllEvacuations: true,
  }),
})
