import type { Run } from '../run/run.ts'

/** Whether clients of this run come through a Service of the cluster. */
export const needsService = ({ scenario, cluster }: Pick<Run, 'scenario' | 'cluster'>): boolean =>
  scenario.fleet.clients > 0 && cluster.wayIn.addresses === undefined
