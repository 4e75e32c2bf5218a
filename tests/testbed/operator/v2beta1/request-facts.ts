import type { Request } from '../trace.ts'
import { type Colours, wholeSets } from './colours.ts'

/** What the operator asked of EMQX and ordered, with the pods that it asked whether they are available. */
export function requestFacts(requests: Request[], colours: Colours): string[] {
  const { rename } = colours
  const facts: string[] = []
  const note = (text: string) => {
    if (text !== facts.at(-1)) facts.push(text)
  }
  let asked = new Set<string>()
  for (const { method, path, body, pod, status } of requests) {
    if (status !== 200) note(rename(`${method} ${path} answered with ${status}`))
    if (path.endsWith('/availability_check')) asked.add(pod)
    else if (path.endsWith('/global_status')) {
      const whole = wholeSets(asked, colours)
      if (whole !== undefined) note(`available? ${whole}; members? evacuations?`)
      asked = new Set()
    } else if (method !== 'GET') {
      const { migrate_to = [], ...numbers } = JSON.parse(body ?? '{}') as { migrate_to?: string[] }
      const targets = migrate_to.map(rename).sort()
      note(`${method} ${rename(path)} {${Object.keys(numbers).sort()}} to ${targets}`)
    } else if (/\/nodes\/./.test(path)) note(rename(`member ${path}?`))
  }
  return facts
}
