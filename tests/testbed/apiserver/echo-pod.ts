import net, { type AddressInfo } from 'node:net'
import { type Harness, podOf, startHarness } from './harness.ts'

const PODS = '/api/v1/namespaces/default/pods'
const MERGE = { 'content-type': 'application/merge-patch+json' }

/** An API server with a pod `ee-0` that sends back what it gets on `port`. */
export async function startEchoPod(): Promise<{
  harness: Harness
  echo: net.Server
  port: number
  close(): Promise<void>
}> {
  const harness = await startHarness()
  const echo = net.createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  await harness.ask('POST', PODS, podOf('ee-0', 'hollow'))
  await harness.ask('PATCH', `${PODS}/ee-0/status`, { status: { podIP: '127.0.0.1' } }, MERGE)
  return {
    harness,
    echo,
    port: (echo.address() as AddressInfo).port,
    async close() {
      await harness.close()
      echo.close()
    },
  }
}
