import { type Exchange, get, HOME, MERGE, post } from './exchange.ts'

const pod = (name: string, more: object = {}) =>
  post('admin', `${HOME}/pods`, {
    metadata: { name },
    spec: { containers: [{ name: 'emqx', image: 'emqx', ...more }] },
  })

/** What reaches the pod's own server, and what comes back. */
export const proxy: Exchange[] = [
  pod('ee-0'),
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy/early`),
  {
    as: 'admin',
    send: `PATCH ${HOME}/pods/ee-0/status`,
    body: { status: { podIP: '$POD' } },
    headers: MERGE,
  },
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy/echo/api/v5/prometheus/stats?mode=all&x=%20y&x=1`, {
    accept: 'text/plain',
    'x-own': 'kept',
  }),
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy/echo/a%2Fb/`),
  get('weir', `${HOME}/pods/http:ee-0:$PORT/proxy/echo`),
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy`),
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy?a=b`),
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy/`),
  post('admin', `${HOME}/pods/ee-0:$PORT/proxy/echo/post?a=b`, { hello: 'pod' }),
  { as: 'admin', send: `PUT ${HOME}/pods/ee-0:$PORT/proxy/echo/put`, body: { hello: 'pod' } },
  { as: 'admin', send: `PATCH ${HOME}/pods/ee-0:$PORT/proxy/echo/patch`, body: {}, headers: MERGE },
  { as: 'admin', send: `DELETE ${HOME}/pods/ee-0:$PORT/proxy/echo/delete` },
  { as: 'admin', send: `HEAD ${HOME}/pods/ee-0:$PORT/proxy/echo/head` },
  { as: 'admin', send: `OPTIONS ${HOME}/pods/ee-0:$PORT/proxy/echo/options` },
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy/status/503`),
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy/status/401`),
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy/break`),
  get('weir', `${HOME}/pods/ee-0:1/proxy/refused`),
  get('weir', `${HOME}/pods/ee-0:99999/proxy/x`),
  get('weir', `${HOME}/pods/ee-0:/proxy/x`),
  get('weir', `${HOME}/pods/ftp:ee-0:1/proxy/x`),
  get('weir', `${HOME}/pods/ee-9:$PORT/proxy/x`),
]

/** Before any connection to a kubelet. */
export const forwards: Exchange[] = [
  get('admin', `${HOME}/pods/ee-9/portforward?ports=8081`),
  get('admin', `${HOME}/pods/ee-0/portforward?ports=8081`),
  get('admin', `${HOME}/pods/ee-0/portforward?ports=x`),
]
