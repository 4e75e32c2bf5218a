/** What a request wants to do, in the words of rules; `path` is that of requests for no resource. */
export interface Attributes {
  verb: string
  group: string
  resource: string
  subresource: string
  name: string
  /** '' for what is in no namespace, and for all of them. */
  namespace: string
  path?: string
}

const VERBS: Record<string, string> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}
const NAMESPACE_PARTS = ['status', 'finalize']

/**
 * What the rules are asked for a request. Only the path's form counts, not what is served there
 * (k8s.io/apiserver, endpoints/request: NewRequestInfo).
 */
export function attributesOf(method: string, path: string, query: URLSearchParams): Attributes {
  const parts = path.split('/').filter((part) => part !== '')
  const isCore = parts[0] === 'api'
  const tail = parts.slice(isCore ? 2 : 3)
  if ((!isCore && parts[0] !== 'apis') || tail.length === 0)
    return { ...NOTHING, verb: method.toLowerCase(), path }
  const isInNamespace = tail[0] === 'namespaces' && tail.length > 1
  const namespace = isInNamespace ? tail[1]! : ''
  const isBelow = isInNamespace && tail.length > 2 && !NAMESPACE_PARTS.includes(tail[2]!)
  const [resource = '', name = '', subresource = ''] = isBelow ? tail.slice(2) : tail
  const asked = {
    verb: VERBS[method] ?? '',
    group: isCore ? '' : parts[1]!,
    resource,
    subresource,
    name,
    namespace,
  }
  if (name !== '') return asked
  if (asked.verb === 'delete') return { ...asked, verb: 'deletecollection' }
  if (asked.verb !== 'get') return asked
  const isWatch = ['1', 'true'].includes(query.get('watch') ?? '')
  return { ...asked, verb: isWatch ? 'watch' : 'list', name: nameSelected(query) }
}

const NOTHING = { group: '', resource: '', subresource: '', name: '', namespace: '' }

/** A listing with a field selector for one name is authorized for that name. */
function nameSelected(query: URLSearchParams): string {
  const found = /(?:^|,)metadata\.name==?([^,!=]+)(?:,|$)/.exec(query.get('fieldSelector') ?? '')
  return found?.[1] ?? ''
}
