import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KernelReadings } from '#weir/scenarios/observe/kernel.ts'

const stat = (steal: number, idle: number) =>
  `cpu  100 0 50 ${idle} 0 0 0 ${steal} 0 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n`

/** Readings of files that the test changes. */
function readings(files: Record<string, string>, tasks: Record<string, string[]> = {}) {
  return new KernelReadings(
    (file) => files[file],
    (folder) => tasks[folder] ?? [],
  )
}

test('the run queue of the thread that waited longest, over all processes; new threads have no difference yet', () => {
  const files: Record<string, string> = {
    '/proc/1/task/1/schedstat': '1000 5000000 3',
    '/proc/1/task/2/schedstat': '1000 0 3',
    '/proc/7/task/7/schedstat': '1000 0 3',
  }
  const tasks = { '/proc/1/task': ['1', '2'], '/proc/7/task': ['7'] }
  const kernel = readings(files, tasks)
  assert.is(kernel.runQueueMs([1, 7]), undefined)
  files['/proc/1/task/1/schedstat'] = '2000 6000000 4'
  files['/proc/7/task/7/schedstat'] = '2000 250000000 4'
  assert.is(kernel.runQueueMs([1, 7]), 250)
  files['/proc/1/task/2/schedstat'] = '3000 3000000 4'
  assert.is(kernel.runQueueMs([1]), 3)
})

test('a kernel that keeps no times, and a process that is gone, give no figure', () => {
  const kernel = readings({ '/proc/1/task/1/schedstat': '0 0 1' }, { '/proc/1/task': ['1'] })
  assert.is(kernel.runQueueMs([1, 2]), undefined)
  assert.is(kernel.runQueueMs([1, 2]), undefined)
  assert.is(kernel.machine(), undefined)
})

test('steal is a share of all CPU time since the reading before', () => {
  const files = { '/proc/stat': stat(10, 0) }
  const kernel = readings(files)
  files['/proc/stat'] = stat(30, 80)
  assert.equal(kernel.machine(), { stealShare: 0.2 })
  assert.is(kernel.machine(), undefined, 'no time has passed')
})

test('pressure is a share of the time since the reading before', async () => {
  const files = { '/proc/pressure/cpu': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=1000\n' }
  const kernel = readings(files)
  await new Promise((resolve) => setTimeout(resolve, 20))
  files['/proc/pressure/cpu'] = 'some avg10=0.00 avg60=0.00 avg300=0.00 total=9000000\n'
  assert.equal(kernel.machine(), { cpuPressureShare: 1 })
})

test('on this machine the real files are read without an error', () => {
  const kernel = new KernelReadings()
  kernel.runQueueMs([process.pid])
  const { stealShare = 0, cpuPressureShare = 0 } = kernel.machine() ?? {}
  for (const share of [stealShare, cpuPressureShare]) assert.ok(share >= 0 && share <= 1)
})

test.run()
