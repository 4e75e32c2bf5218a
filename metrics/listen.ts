import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WeirError } from '#weir/errors/index.ts'

export interface Place {
  host: string
  port: number
}

export interface Listening {
  /** "http://HOST:PORT" */
  origin: string
  close(): Promise<void>
}

/** Starts a server. `flag`: with which the user chooses another place. Throws WEIR_ADDRESS_IN_USE. */
export async function listenAt(server: Server, { host, port }: Place, flag: string): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.on('error', (cause: NodeJS.ErrnoException) => {
      const { code = cause.message } = cause
      const text = `${flag.split(' ')[0]} cannot listen at ${host}:${port} (${code}): use another address with ${flag}`
      reject(new WeirError('WEIR_ADDRESS_IN_USE', text, { cause }))
    })
    server.listen({ host, port }, resolve)
  })
  const { address, family, port: bound } = server.address() as AddressInfo
  return {
    origin: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
