import { pathOf, withQuery } from '../kubernetes/http.ts'
import { resources } from '../kubernetes/resources.ts'

export interface LogTarget {
  namespace: string
  pod: string
  container: string
}

export interface LogRequest {
  /** Lines from this time on, by the node's clock; API servers pass it on in whole seconds. */
  since?: Date | undefined
  follow?: boolean
  /** Of the container's run before its last restart. */
  previous?: boolean
  /** The last so many lines. */
  tailLines?: number | undefined
}

/** Path of a request for a container's log, each line with its time (Kubernetes API, "read log of the specified Pod"). */
export function logPath({ namespace, pod, container }: LogTarget, request: LogRequest): string {
  const { since, follow, previous, tailLines } = request
  return withQuery(pathOf(resources.pods, namespace, pod, 'log'), {
    container,
    timestamps: true,
    ...(follow && { follow }),
    ...(previous && { previous }),
    sinceTime: since?.toISOString(),
    tailLines,
  })
}

/** A line of a log. */
export interface LogLine {
  /** RFC 3339, by the node's clock; '' where the runtime wrote none. */
  at: string
  text: string
  /** Bytes that were left out behind `text`. */
  cutBytes?: number
}

const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?/

export function readLine(line: string): LogLine {
  const at = STAMP.exec(line)
  return at === null ? { at: '', text: line } : { at: at[1]!, text: line.slice(at[0].length) }
}
