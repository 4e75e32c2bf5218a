import type { Breach, traffic as english } from '../traffic.ts'
import { quantiles, seconds, when } from './chinese.ts'

/** Messages of the assertions on messages, wills and subscriptions. */
export const traffic: typeof english = {
  messages: {
    bound: (v) =>
      `QoS 1 和 2 丢失 ${v.lost} 条，QoS 2 重复 ${v.twice} 条，乱序 ${v.disordered} 条（接管前后 ${v.takeoverSeconds} 秒内的${v.mayDuplicate ? '重复和' : ''}乱序除外）`,
    noPublishers: { measured: '没有发布者', why: '这批客户端中没有发布者' },
    noPublishersSettle: '请使用会互相发布消息的客户端。',
    noAccount: '没有消息的账目',
    cutAccount: 'messages.ndjson 被截断，因此不知道消息的送达情况',
    missingAccount: '记录中没有 messages.ndjson，它在客户端停止之后写入',
    measured: (v) =>
      `已确认的 ${v.acknowledged} 条中丢失 ${v.lost} 条，重复 ${v.twice} 条，乱序 ${v.disordered} 条`,
    seen: '消息的送达',
    noPairs: '没有任何已发布的消息能在订阅者处核对',
    noPairsSettle: '请使用载荷类型为 "ledger" 的发布者，以及订阅其主题的客户端。',
    overflow: ({ overflowed, pairs }) =>
      `${pairs} 对发布者和订阅者中有 ${overflowed} 对同时在途的消息太多，无法跟踪`,
    overflowSettle: '请减少每秒发布的消息，或缩短客户端离线的时间。',
    waiting: ({ waiting }) =>
      waiting > 0 ? `运行结束时有 ${waiting} 条消息尚未到达，可能只是迟到` : '运行结束时仍有消息在途',
    waitingSettle: '请让运行进行到结束，且所有客户端在线。',
    noneReceived: '没有收到可以判定的消息',
    noneReceivedSettle: '请运行客户端会发布消息的场景。',
    membersOf: ({ share }) => `${share} 的成员`,
    lost: (v) =>
      `已确认的 ${v.acknowledged} 条消息中有 ${v.lost} 条没有到达会话未中断的 ${v.subscribers} 个订阅者：其中 ${v.pairLost} 条从 ${v.from} 发往 ${v.to}${sequenceNumbers(v)}。`,
    twice: (v) =>
      `${v.messages} 条 QoS 2 消息不止一次到达 ${v.subscribers} 个订阅者，其中一条${example(v)}。`,
    disordered: (v) =>
      `在 ${v.subscribers} 个订阅者处，${v.messages} 条消息晚于同一发布者、同一主题的后一条消息到达，其中一条${example(v)}。`,
    held: (v) => {
      const notes = [
        ...(v.redelivered > 0 ? [`${v.redelivered} 条被重新投递`] : []),
        ...(v.extraQos1 > 0 ? [`${v.extraQos1} 条 QoS 1 消息再次到达，QoS 1 允许这样`] : []),
        ...(v.atTakeover > 0 ? [`${v.atTakeover} 条在接管时重复或乱序`] : []),
        ...(v.lostQos0 > 0 ? [`${v.lostQos0} 条 QoS 0 消息丢失，QoS 0 允许这样`] : []),
        ...(v.missed > 0 ? [`${v.missed} 条没有带会话的订阅者`] : []),
        ...(v.astray > 0 ? [`${v.astray} 条到达没有订阅的客户端`] : []),
        ...(v.shared > 0 ? [`对 ${v.shared} 对发布者和共享订阅只判定丢失`] : []),
        ...(v.waiting > 0 ? [`${v.waiting} 条在等待结束时离线的客户端`] : []),
      ]
      return `发送 ${v.sent} 条消息，到达 ${v.received} 条，没有缺失${notes.length > 0 ? `（${notes.join('，')}）` : ''}。`
    },
  },
  wills: {
    bound: ({ limitSeconds }) =>
      `每条遗嘱在其连接结束或延迟到期之后 ${limitSeconds} 秒内恰好发布一次；在延迟之内重新连接或按计划离开的客户端不发布`,
    noWills: { measured: '没有遗嘱', why: '这批客户端没有遗嘱' },
    noWillsSettle: '请使用带遗嘱的客户端。',
    measured: ({ due, withheld, broken }) =>
      `${due} 条按时到达，${withheld} 条正确地没有发布，${broken} 条错误`,
    wrong: ({ broken, all, example }) => `${all} 条遗嘱中有 ${broken} 条没有按规定发布：${example}。`,
    willSeen: ({ client }) => `${client} 的遗嘱`,
    clientSeen: '其客户端的事件',
    excused: ({ excused }) => `${excused} 条遗嘱迟到，可能由 weir 自身的延迟造成`,
    noneDue: '有订阅者在线时，没有遗嘱应当发布',
    noneDueSettle: '请在其他客户端订阅遗嘱期间，断开带遗嘱的客户端。',
    held: ({ due, withheld, open }) =>
      `${due} 条遗嘱按时到达一次，${withheld} 条正确地没有发布${open > 0 ? `；${open} 条的结果没有规定` : ''}。`,
    seen: '到达的遗嘱',
    missing: (v) => `${v.from} 在${when(v.at)}断开，其遗嘱没有到达 ${v.to}`,
    late: (v) => `${v.from} 在${when(v.at)}断开，其遗嘱晚了 ${seconds(v.byNs)}才到达 ${v.to}`,
    early: (v) => `${v.from} 的遗嘱在${when(v.at)}到达 ${v.to}，早了 ${seconds(v.byNs)}`,
    twice: (v) => `${v.from} 的遗嘱在${when(v.at)}第二次到达 ${v.to}`,
    unwanted: (v) => `${v.from} 的遗嘱在${when(v.at)}到达 ${v.to}，而该客户端${v.why}`,
    leftByPlan: '是按计划离开的',
    stillConnected: '仍然在线',
    backInTime: '已及时重新连接',
  },
  suback: {
    bound: ({ mostSeconds }) => `每个 SUBACK 在 CONNACK 之后 ${mostSeconds} 秒内到达，且没有拒绝`,
    measuredRefused: ({ refused }) => `${refused} 个订阅被拒绝`,
    refused: ({ refused, clients, client, at }) =>
      `${clients} 个客户端的 ${refused} 个订阅被拒绝；第一个是 ${client} 在${when(at)}的订阅。`,
    refusedSeen: '被拒绝的订阅',
    none: { measured: '没有 SUBACK', why: '更改之后没有客户端需要订阅' },
    noneSettle: '请使用会订阅且没有会话的客户端。',
    measured: (v) => quantiles(v, '没有订阅成功'),
    late: (v) =>
      `${v.clients} 个客户端等待 SUBACK 的时间过长；${v.client} 在${when(v.at)}连接到 ${v.node}，${seconds(v.waitedNs)}之后${v.answered ? '才收到' : '仍未收到'}。`,
    doubtful: ({ late, ns }) => `${late} 个 SUBACK 迟到最多 ${seconds(ns)}，可能由 weir 自身的延迟造成`,
    unanswered: ({ unanswered }) => `记录中 ${unanswered} 个已发送订阅的连接没有 SUBACK`,
    unansweredSettle: '请使用没有缺失客户端事件的记录。',
    held: (v) =>
      `重新订阅的 ${v.clients} 个客户端全部在 ${v.maxSeconds} 秒内收到 SUBACK，其中一半在 ${v.p50Seconds} 秒内收到。`,
    seen: '每个连接从 CONNACK 到 SUBACK',
  },
}

const example = ({ from, to, at }: Breach) =>
  `${at === undefined ? '' : `在${when(at)}`}从 ${from} 发往 ${to}`

function sequenceNumbers({
  sequences,
  pairLost,
}: {
  sequences: readonly number[]
  pairLost: number
}): string {
  const shown = sequences.slice(0, 3).join('、')
  return shown === '' ? '' : `（序号 ${shown}${pairLost > 3 ? ' 等' : ''}）`
}
