import type { SettingName } from '#weir/facts/index.ts'
import type { settings as english } from '../settings.ts'
import { seconds, when } from './chinese.ts'

const WHAT: Readonly<Record<SettingName, string>> = {
  connections: 'EMQX 显示的最大连接数',
  project: '项目列表显示的项目',
}

/** Messages of the assertions on settings that lie beside the pods. */
export const settings: typeof english = {
  'limit-holds': {
    bound: (v) => `接受至多 ${v.limit} 个，从第 ${v.most} 个起以 0x97 拒绝（MQTT 3.1.1：3）`,
    noBound: '接受至多上限个数，超出的被拒绝',
    noChange: '没有记录到上限的更改',
    noChangeSettle: '请运行更改最大连接数的操作。',
    notShown: 'EMQX 从未显示所要求的上限，因此不知道它何时生效',
    noNewcomers: '更改之后没有客户端连接，无法显示上限在哪里',
    noNewcomersSettle: '请在更改之后加入 connect-more 步骤。',
    others: ({ others }) => `有 ${others} 个不属于 weir 的客户端曾在线，此后可能已离开`,
    othersSettle: '请在没有其他客户端时重新运行。',
    unanswered: ({ clients }) => `${clients} 个新客户端没有收到应答`,
    tooFewTried: (v) => `同时在线的客户端不超过 ${v.reached} 个，而 EMQX 可能允许 ${v.most} 个`,
    tooFewTriedSettle: '请使用更多的新客户端重新运行。',
    measured: (v) => `${v.connected} 个已连接，${v.refused} 个被拒绝`,
    measuredRequests: (v) => `${v.requests} 个请求中有 ${v.accepted} 个被接受`,
    kicked: (v) =>
      `上限降低之后，${v.clients} 个已连接的客户端丢失了连接；第一个是 ${v.client}，在${when(v.at)}与 ${v.node} 断开。`,
    refusedEarly: (v) =>
      `只有 ${v.reached} 个客户端在线时就拒绝了 ${v.refused} 个新客户端，而允许 ${v.limit} 个。`,
    acceptedBeyond: (v) =>
      `同时在线的客户端达到 ${v.reached} 个，而上限为 ${v.limit}，最多只能解释 ${v.most} 个。`,
    wrongCode: ({ refused }) => `有 ${refused} 次拒绝给出的原因不是超出配额。`,
    overClaimed: (v) =>
      `同时提出的 ${v.requests} 个请求被接受，合计 ${v.claimed} 个连接，而许可证只有 ${v.total} 个。`,
    noneAccepted: ({ requests }) => `同时提出的 ${requests} 个请求没有一个被接受。`,
    held: (v) =>
      `上限为 ${v.limit} 时，同时在线的客户端最多 ${v.reached} 个，${v.refused} 个新客户端被拒绝。`,
    seen: '新客户端及其应答',
    claimsSeen: '对许可证的请求',
    clientsSeen: '更改之后的客户端',
  },
  immediate: {
    bound: ({ within }) => `更改之后 ${within} 秒内显示`,
    noBound: '立即显示',
    noChange: '没有记录到设置的更改',
    noChangeSettle: '请运行更改设置的操作。',
    noTime: '记录没有说明这种资源应当多快显示该设置',
    noTimeSettle: '请重新记录该操作。',
    measured: ({ ns }) => `${seconds(ns)}之后`,
    measuredNever: ({ ns }) => `${seconds(ns)}内没有显示`,
    never: (v) => `要求 ${v.value} 之后 ${seconds(v.ns)}，${WHAT[v.name]}仍为 ${v.found}。`,
    late: (v) =>
      `要求 ${v.value} 之后 ${seconds(v.ns)}，${WHAT[v.name]}才变为 ${v.value}，晚于 ${v.within} 秒。`,
    lost: (v) => `${when(v.at)}${WHAT[v.name]}又变为 ${v.found}，而要求的是 ${v.value}。`,
    unread: ({ name }) => `更改之后无法读取${name === 'project' ? '项目列表' : '最大连接数'}`,
    gap: ({ ns }) => `旧值的最后一个采样与新值的第一个采样相隔 ${seconds(ns)}`,
    unfinished: '记录在时限之前结束',
    samplesSettle: '请每秒采样一次该设置，直到运行结束。',
    held: (v) => `提出要求之后 ${seconds(v.ns)}，${WHAT[v.name]}为 ${v.value}。`,
    seen: '该设置的采样',
  },
}
