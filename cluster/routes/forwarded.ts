import { type EmqxHttp, emqxHttp } from '../emqx/http.ts'
import { type KubeApi, KubeApiError } from '../kubernetes/types.ts'
import type { Credentials } from './access.ts'

/** A pod's HTTP listener through a port-forward of the API server, which leaves the Authorization header alone. */
export function forwardedHttp(
  kube: KubeApi,
  pod: string,
  port: number,
  credentials: Credentials | undefined,
  timeoutMs: number,
): EmqxHttp {
  return emqxHttp({
    host: pod,
    port,
    credentials,
    timeoutMs,
    open: () =>
      kube.forward(kube.namespace, pod, port, timeoutMs).catch((error: unknown) => {
        if (error instanceof KubeApiError)
          throw new Error(`the API server forwards no port (${error.status}: ${error.message})`, {
            cause: error,
          })
        throw error
      }),
  })
}
