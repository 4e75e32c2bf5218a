import { binaryIn } from '../../control-plane/build/cache.ts'
import { inFolders, writeImages } from '../../images/archive.ts'
import type { Entry } from '../../images/tar.ts'
import { emulatedImages } from '../../kubelet/image.ts'
import { controllerImage } from '../../operator/deployment.ts'
import type { PreparedOperator } from '../../operator/install/program.ts'
import { LINES } from '../../operator/lines.ts'
import { RELOADER_IMAGE } from '../../operator/v1beta4/objects/pod-template.ts'
import type { Naming } from './own-names.ts'

const createdBy = 'weir: testbed kind'
/** glibc's and Go's way to names of Services. */
const NAMES: Entry = { path: 'etc/nsswitch.conf', mode: 0o644, content: Buffer.from('hosts: files dns\n') }
const TMP: Entry = { path: 'tmp', mode: 0o1777 }

/** Writes an archive with the image of an operator's build: its program, alone. */
export function writeOperator(file: string, { image, binary, at }: PreparedOperator): void {
  const program: Entry = { path: at.slice(1), mode: 0o755, from: binary }
  writeImages(file, {
    entries: inFolders([program, NAMES, TMP]),
    // Manifests want another user than root; this one is what operators' own images have.
    images: [{ tags: [image], config: { User: '65532:65532', Entrypoint: [at], WorkingDir: '/' } }],
    createdBy,
  })
}

/** Writes an archive with the images of all releases of EMQX whose nodes weir emulates, at `emulator` (host:port). */
export function writeEmulated(
  file: string,
  { programs, emulator, naming }: { programs: string; emulator: string; naming: Naming },
): void {
  const from = binaryIn(programs, 'emqx-pod')
  const config = { Env: [`WEIR_EMULATOR=${emulator}`], Entrypoint: ['/emqx-pod'], WorkingDir: '/' }
  writeImages(file, {
    entries: inFolders([{ path: 'emqx-pod', mode: 0o755, from }, NAMES, TMP]),
    images: [{ tags: emulatedImages().map(naming), config }],
    createdBy,
  })
}

/** What released operators add to the pods of EMQX 4.4, and no scenario depends on; and what stands for an operator that is emulated. */
const IDLE_IMAGES = [
  `docker.io/${RELOADER_IMAGE}`,
  // The Deployment by which an emulated operator is seen.
  ...Object.values(LINES).map((line) => `docker.io/${controllerImage(line)}`),
]

/** Writes an archive of images that do nothing. */
export function writeIdle(file: string, { programs, naming }: { programs: string; naming: Naming }): void {
  const from = binaryIn(programs, 'pause')
  writeImages(file, {
    entries: inFolders([{ path: 'idle', mode: 0o755, from }]),
    images: [{ tags: IDLE_IMAGES.map(naming), config: { Entrypoint: ['/idle'] } }],
    createdBy,
  })
}
