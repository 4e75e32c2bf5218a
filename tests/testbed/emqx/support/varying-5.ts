import type { Varying } from './differences.ts'

/** Fields in which the emulated cluster may differ from the recorded one, each with its reason. Everything else is equal. */
export const VARYING: readonly Varying[] = [
  {
    key: 'edition',
    why: 'the recorded nodes ran the open-source build but for one',
    like: /^(Enterprise|ee)$/,
  },
  {
    key: 'otp_release',
    why: 'the recording ran on an older OTP than the images have',
    like: /^\d+\.\S+\/\d+\.\S+$/,
  },
  { key: 'sys_path', why: 'the recording was no container', like: /^\/opt\/emqx$/ },
  { key: 'memory_total', why: 'another machine', like: /^\d+\.\d\d[KMG]$/ },
  { key: 'memory_used', why: 'another machine', like: /^\d+\.\d\d[KMG]$/ },
  { key: 'load1', why: 'another machine; 8.0 is whole in JSON' },
  { key: 'load5', why: 'another machine; 8.0 is whole in JSON' },
  { key: 'load15', why: 'another machine; 8.0 is whole in JSON' },
  { key: 'emqx_vm_cpu_use', why: 'another machine; 8.0 is whole in JSON' },
  { key: 'emqx_vm_cpu_idle', why: 'another machine; 8.0 is whole in JSON' },
  { key: 'token', why: 'a secret of its own', like: /^\S{16,}$/ },
  { key: 'bind', why: 'the recorded nodes shared one machine, so each was told its address', like: /^:\d+$/ },
  {
    key: 'enable',
    why: 'the recorded cluster had TLS listeners off, the images have them on',
    like: /^true$/,
  },
  {
    key: 'running',
    why: 'the recorded cluster had TLS listeners off, the images have them on',
    like: /^true$/,
  },
  { key: 'connected_at', why: 'a time', like: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/ },
  { key: 'created_at', why: 'a time', like: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/ },
  { key: 'disconnected_at', why: 'a time', like: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/ },
  { key: 'clientid', why: "the order of a table scan is EMQX's own", like: /^(c\d+|surv1)$/ },
]
