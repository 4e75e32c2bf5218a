import type { operations as english } from '../operations.ts'
import { differing, listed, resources, seconds, when } from './chinese.ts'
import { endings } from './operation-endings.ts'
import { scaling } from './operation-scaling.ts'

/** Messages of the assertions in facts/assertions/operations.ts. */
export const operations: typeof english = {
  ...scaling,
  ...endings,
  untouched: {
    bound: ({ clients }) =>
      `${clients === 0 ? '没有连接中断或新建' : `最多 ${clients} 个客户端受影响`}，原有的 Pod 不终止也不重启，节点组和 Service 不被改写`,
    noClients: '触发后的记录中没有客户端事件',
    measured: (v) =>
      [
        `${v.clients} 个客户端和 ${v.pods} 个 Pod 受影响`,
        ...(v.ports > 0 ? [`${v.ports} 个客户端的本地端口改变`] : []),
        ...(v.objects > 0 ? [`${v.objects} 个节点组或 Service 被改写`] : []),
        ...(v.changes > 0 ? [`资源被更改 ${v.changes} 次`] : []),
      ].join('，'),
    blind: '触发后有监视连接丢失',
    lost: (v) =>
      `${v.all} 个客户端中有 ${v.clients} 个丢失了连接；第一个是 ${v.client}，在${when(v.at)}与 ${v.node} 断开。`,
    deleted: ({ pod, at }) => `原有的 Pod ${pod} 在${when(at)}被删除。`,
    restarted: ({ pod, at }) => `原有的 Pod ${pod} 中的 EMQX 重启了；kubelet 在${when(at)}报告。`,
    evacuated: ({ node, at }) => `${when(at)} EMQX 开始疏散 ${node}，而并不需要迁移任何客户端。`,
    evacuationSeen: 'EMQX 的疏散状态',
    replaced: ({ set, at }) => `${when(at)}新的节点组 ${set} 创建了 Pod：Pod 将被替换。`,
    held: ({ clients, pods, ns, ports, objects }) => {
      const who = clients === undefined ? '' : `${clients} 个客户端保持了连接，`
      const same = [
        ...(ports > 0 ? [`${ports} 个连接在结束时本地端口不变`] : []),
        ...(objects > 0 ? [`${objects} 个节点组和 Service 保持原样`] : []),
      ]
      return `触发后的 ${seconds(ns)}内，${who}${pods} 个 Pod 一直运行${same.length > 0 ? `；${same.join('，')}` : ''}。`
    },
    ported: (v) =>
      `按本地端口判断，${v.all} 个客户端中有 ${v.clients} 个在结束时已是另一个连接；${v.client} 的端口为 ${v.to}，之前为 ${v.from}，而没有记录到其连接中断。`,
    rewritten: (v) => `原有的 ${v.kind} ${v.name} 在${when(v.at)}被改写：${v.fields.join('、')}。`,
    rewrittenSeen: ({ kind, name }) => `${kind} ${name}`,
    generations: (v) =>
      `资源被更改了 ${v.made} 次，最后一次在${when(v.at)}，而该操作${v.most === 0 ? '不应更改它' : `最多更改它 ${v.most} 次`}。`,
    podsSeen: '触发后的 Pod 和节点组',
    clientsSeen: '触发后的客户端',
    podSeen: ({ pod }) => `Pod ${pod}`,
    setSeen: ({ set }) => `节点组 ${set}`,
  },
  'state-truth': {
    bound: (v) => `最多比实际提前 ${v.earlySeconds} 秒，最多延后 ${v.lateSeconds} 秒`,
    noChange: '记录中没有更改',
    neverTold: '记录中没有资源要求的节点数量',
    neverToldSettle: '请使用此版本的 weir 记录运行。',
    blind: '触发后有监视连接丢失',
    measuredEarly: '过早',
    early: ({ at, lacking }) => `${when(at)}资源报告按要求运行（运行中），但${lacking}。`,
    unfinished: ({ lacking }) => `结束时${lacking}`,
    measured: ({ ns }) => `实际达成之后 ${seconds(ns)}`,
    late: ({ at, ns, said }) =>
      `${when(at)} Pod 和 Service 已符合要求，但 ${seconds(ns)}之后资源${said ? '才' : '仍没有'}报告。`,
    notYet: ({ ns }) => `记录在 Pod 和 Service 符合要求之后 ${seconds(ns)}结束，资源尚未报告`,
    cut: '记录在资源报告按要求运行之前结束',
    held: ({ ns }) =>
      `Pod 和 Service 符合要求之后 ${seconds(ns)}，资源报告按要求运行（运行中），从未提前报告。`,
    lacking: (v) => {
      if (v.what === 'unserved') return `Service 没有指向 ${listed(v.names)}`
      return v.what === 'unready'
        ? `应有 ${v.wanted} 个 Pod 就绪，实际就绪 ${v.pods} 个`
        : `应有 ${v.wanted} 个 Pod，实际有 ${v.pods} 个`
    },
    seen: '触发后的资源、Pod 和 Endpoints',
  },
  'data-kept': {
    bound: ({ lost }) => (lost === 0 ? 'EMQX 保存的数据没有丢失' : `EMQX 保存的数据最多丢失 ${lost} 项`),
    noChange: '记录中没有更改',
    noneStored: '没有让 EMQX 保存任何数据',
    noneStoredSettle: '请在更改之前加入 store-data 步骤，在更改之后加入 find-data 步骤。',
    notTaken: ({ error }) => `EMQX 没有接受要保存的数据：${error}`,
    notTakenSettle: '请允许 weir 的客户端在 weir/stored/ 之下发布和订阅，包括保留消息。',
    notFetched: '记录在向 EMQX 查询所保存的数据之前结束',
    noAnswer: ({ error }) => `无法向 EMQX 查询它保存的全部数据：${error}`,
    measured: ({ found, stored }) =>
      [
        ...(stored.retained > 0 ? [`保留消息 ${found.retained}/${stored.retained}`] : []),
        ...(stored.sessions > 0 ? [`会话 ${found.sessions}/${stored.sessions}`] : []),
        ...(stored.queued > 0 ? [`排队消息 ${found.queued}/${stored.queued}`] : []),
      ].join('，'),
    lost: ({ parts, missing: [first] }) => {
      const example = first === undefined ? '' : `，例如 ${first}`
      return `更改之后丢失了${parts.join('，')}${example}。`
    },
    retained: ({ lost, all }) => `保留消息 ${lost} 条（共 ${all} 条）`,
    sessions: ({ lost, all }) => `离线客户端的会话 ${lost} 个（共 ${all} 个）`,
    queued: ({ lost, all }) => `等待离线客户端的消息 ${lost} 条（共 ${all} 条）`,
    held: ({ stored, tolerated }) => {
      const { retained, sessions, queued } = stored
      const parts = [
        ...(retained > 0 ? [`${retained} 条保留消息`] : []),
        ...(sessions > 0 ? [`离线客户端的 ${sessions} 个会话`] : []),
        ...(queued > 0 ? [`等待它们的 ${queued} 条消息`] : []),
      ]
      return `更改之后，${parts.join('、')}都还在${tolerated > 0 ? `，其中允许丢失的有 ${tolerated} 项` : ''}。`
    },
    seen: '保存的数据和查到的数据',
  },
  resized: {
    bound: ({ wanted }) =>
      `每个 Pod 都有${wanted === undefined ? '所要求的资源' : ` ${resources(wanted)}`}，没有重启，没有因内存不足而被终止`,
    noResize: '更改与资源无关，或已撤回',
    noResizeSettle: '请运行包含 resize 步骤的场景。',
    blind: '触发后有监视连接丢失',
    fewer: ({ pods, wanted }) => `结束时只有 ${pods} 个 Pod，应有 ${wanted} 个。`,
    unfinished: ({ fact }) => `记录在操作完成之前结束（${fact}）`,
    untold: ({ pod }) => `记录中没有 ${pod} 的资源`,
    untoldSettle: '请使用此版本的 weir 的记录。',
    otherwise: (v) =>
      `结束时 ${v.all} 个 Pod 中有 ${v.pods.length} 个的资源不符：${v.pods[0]} 为 ${differing(v.has, v.wanted)}。`,
    killed: ({ pod, at }) =>
      `Pod ${pod} 中的 EMQX 因内存不足被终止（OOMKilled）；kubelet 在${when(at)}报告。`,
    restarted: (v) => `到${when(v.at)}为止，Pod ${v.pod} 中的 EMQX 已重启 ${v.restarts} 次。`,
    measured: (v) => `${v.all} 个 Pod 中有 ${v.right} 个符合要求，重启 ${v.restarts} 次`,
    held: ({ pods, wanted }) => `EMQX 在全部 ${pods} 个 Pod 中都有 ${resources(wanted)}，没有被终止或重启。`,
    seen: 'Pod 的资源和重启',
  },
  'as-before': {
    bound: ({ pods }) => `同样的 ${pods} 个 Pod，已就绪并在 Service 中，要求没有变化，也没有其他节点组`,
    noChange: '记录中没有更改',
    blind: '运行结束时有监视连接丢失',
    noResource: '记录没有显示更改前后的资源',
    noService: '从未看到 Service 指向 Pod',
    noServiceSettle: '请允许 weir 列出 EndpointSlice，并使用 EMQX Operator 创建的 Service。',
    gone: ({ pods }) => `原有的 ${listed(pods)} 已不存在`,
    unready: ({ pods }) => `${listed(pods)} 没有就绪`,
    service: ({ missing, strangers }) =>
      missing.length > 0 ? `Service 没有指向 ${listed(missing)}` : `Service 还指向 ${listed(strangers)}`,
    unsettled: ({ condition }) => `资源的状态不稳定（condition：${condition ?? '无'}）`,
    version: ({ version, before }) => `资源要求的 EMQX 版本为 ${version ?? '无'}，而之前为 ${before ?? '无'}`,
    generations: ({ made, most }) =>
      `资源被更改了 ${made} 次，而要求${most === 0 ? '不更改' : `最多 ${most} 次`}`,
    setLeft: ({ set, pods }) => `更改创建的节点组 ${set} 仍然存在，并要求 ${pods} 个 Pod`,
    unfinished: ({ fact }) => `记录在操作完成之前结束（${fact}）`,
    broken: ({ facts }) => `运行结束时，${facts.join('；')}。`,
    measured: ({ facts }) => facts.join('；'),
    measuredHeld: ({ pods }) => `${pods} 个 Pod 与之前相同`,
    held: ({ pods }) => `更改之前的 ${pods} 个 Pod 已就绪并在 Service 中，没有留下其他节点组。`,
    seen: 'Pod、节点组、Endpoints 和资源',
  },
}
