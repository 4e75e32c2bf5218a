import { fault } from './fault.ts'

/** As many pods as the scenarios begin with. */
const BACKENDS = 3

export const backendsKept = fault({
  name: 'backends-kept',
  part: 'proxy',
  summary: 'the proxy leads clients to no pods but the three that a Service had first',
  shownBy: 'scale-out',
  caughtBy: ['capacity-follows'],
  proxy(control) {
    const kept = new Map<string, Set<string>>()
    control.choose((frontend, backends) => {
      const known = kept.get(frontend) ?? new Set()
      kept.set(frontend, known)
      for (const { ip } of backends) if (known.size < BACKENDS) known.add(ip)
      return backends.filter(({ ip }) => known.has(ip))
    })
  },
})
