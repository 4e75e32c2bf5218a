/** The conditions of a run in English: names and phrases. */
export const english = {
  started: 'started',
  length: 'length',
  repeat: 'to repeat',
  traffic: 'traffic',
  clients: 'clients',
  cluster: 'cluster',
  rate: 'eviction rate',
  asked: 'requested by the resource',
  waits: 'waits',
  poll: 'operator poll',
  scrape: 'scrape',
  reconnect: 'reconnect',
  seed: 'seed',
  harness: 'harness',
  publish: (v: { clients: number; qos: number; everySeconds: number }) =>
    `${v.clients} publish QoS ${v.qos} every ${v.everySeconds} s`,
  wills: (clients: number) => `${clients} have a will`,
  killed: 'killed before its end',
  ended: { completed: 'completed', interrupted: 'interrupted', failed: 'failed' },
  because: (v: { how: string; reason: string }) => `${v.how}: ${v.reason}`,
  nodes: (v: { nodes: number; kinds: string; dialect: string; operator: string | undefined }) =>
    `${v.nodes} nodes${v.kinds}, ${v.dialect}${v.operator ? `, operator ${v.operator}` : ''}`,
  kinds: (v: { cores: number; replicants: number }) =>
    ` (${v.cores} cores, ${v.replicants} replicants that serve clients)`,
  judged: (rates: string) => `${rates} (judged)`,
  byDefault: (rates: string) => `${rates}, the operator's default`,
  rates: (v: { connections: number; sessions: number }) =>
    `${v.connections} connections/s and ${v.sessions} sessions/s per node`,
  waitsOf: (v: { delay: number; health: number; takeover: number }) =>
    `initial delay ${v.delay} s${v.health > 0 ? `, health check ${v.health} s` : ''}, takeover ${v.takeover} s`,
  seconds: (seconds: number) => `${seconds} s`,
  every: (seconds: number) => `every ${seconds} s`,
  range: (v: { min: number; max: number }) => `${v.min} to ${v.max} ms`,
  firstAttempt: (v: { policy: string; wait: string }) => `${v.policy}: ${v.wait} before the first attempt`,
  group: (v: { size: number; protocol: string; isPersistent: boolean }) =>
    `${v.size} MQTT ${v.protocol} ${v.isPersistent ? 'persistent' : 'clean'}`,
  groups: (groups: readonly string[]) => ` (${groups.join(', ')})`,
  machine: (v: { weir: string; node: string; platform: string; cpus: number; memoryGiB: number }) =>
    `weir ${v.weir}${v.node}, ${v.platform}, ${v.cpus} CPUs, ${v.memoryGiB} GiB`,
}
