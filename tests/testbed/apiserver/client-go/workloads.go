package main

import (
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func template() core.PodTemplateSpec {
	probe := core.ProbeHandler{HTTPGet: &core.HTTPGetAction{Path: "/status", Port: intstr.FromInt32(18083), Scheme: "HTTP"}}
	byName := core.ProbeHandler{TCPSocket: &core.TCPSocketAction{Port: intstr.FromString("mqtt")}}
	none := to(int64(0))
	return core.PodTemplateSpec{
		ObjectMeta: meta.ObjectMeta{Labels: map[string]string{"app": "emqx"}},
		Spec: core.PodSpec{
			TerminationGracePeriodSeconds: none, ActiveDeadlineSeconds: nil, EnableServiceLinks: to(false),
			ReadinessGates: []core.PodReadinessGate{{ConditionType: "apps.emqx.io/on-serving"}},
			SecurityContext: &core.PodSecurityContext{
				RunAsUser: none, RunAsNonRoot: to(false), FSGroup: to(int64(1000)), SupplementalGroups: []int64{0, 1000},
			},
			Tolerations: []core.Toleration{{Key: "node", Operator: core.TolerationOpExists, TolerationSeconds: none}},
			Affinity: &core.Affinity{PodAntiAffinity: &core.PodAntiAffinity{
				PreferredDuringSchedulingIgnoredDuringExecution: []core.WeightedPodAffinityTerm{{
					Weight: 1, PodAffinityTerm: core.PodAffinityTerm{TopologyKey: "kubernetes.io/hostname"},
				}},
			}},
			Containers: []core.Container{{
				Name: "emqx", Image: "emqx/emqx-enterprise:5.8.9",
				Env: []core.EnvVar{
					{Name: "EMPTY"},
					{Name: "HOST", ValueFrom: &core.EnvVarSource{FieldRef: &core.ObjectFieldSelector{FieldPath: "metadata.name"}}},
					{Name: "CPU", ValueFrom: &core.EnvVarSource{ResourceFieldRef: &core.ResourceFieldSelector{Resource: "limits.cpu"}}},
					{Name: "KEY", ValueFrom: &core.EnvVarSource{SecretKeyRef: &core.SecretKeySelector{
						LocalObjectReference: core.LocalObjectReference{Name: "emqx"}, Key: "key", Optional: to(false),
					}}},
				},
				Ports: []core.ContainerPort{{Name: "mqtt", ContainerPort: 1883, Protocol: core.ProtocolTCP}},
				Resources: core.ResourceRequirements{
					Requests: core.ResourceList{"cpu": resource.MustParse("1500m"), "memory": resource.MustParse("0.5Gi")},
				},
				ReadinessProbe: &core.Probe{ProbeHandler: probe, FailureThreshold: 12, PeriodSeconds: 5},
				LivenessProbe:  &core.Probe{ProbeHandler: byName, TerminationGracePeriodSeconds: to(int64(1))},
				Lifecycle:      &core.Lifecycle{PreStop: &core.LifecycleHandler{Exec: &core.ExecAction{Command: []string{"true"}}}},
				VolumeMounts:   []core.VolumeMount{{Name: "data", MountPath: "/data", MountPropagation: nil}},
			}},
			Volumes: []core.Volume{
				{Name: "data", VolumeSource: core.VolumeSource{EmptyDir: &core.EmptyDirVolumeSource{SizeLimit: to(resource.MustParse("1Gi"))}}},
				{Name: "empty", VolumeSource: core.VolumeSource{EmptyDir: &core.EmptyDirVolumeSource{}}},
				{Name: "keys", VolumeSource: core.VolumeSource{Secret: &core.SecretVolumeSource{SecretName: "emqx", DefaultMode: to(int32(0))}}},
			},
		},
	}
}

var selector = &meta.LabelSelector{
	MatchLabels:      map[string]string{"app": "emqx"},
	MatchExpressions: []meta.LabelSelectorRequirement{{Key: "gone", Operator: meta.LabelSelectorOpDoesNotExist}},
}

func statefulSet() runtime.Object {
	return &apps.StatefulSet{ObjectMeta: named("emqx"), Spec: apps.StatefulSetSpec{
		Replicas: to(int32(0)), Selector: selector, Template: template(), ServiceName: "emqx-headless",
		PodManagementPolicy: apps.ParallelPodManagement, VolumeClaimTemplates: []core.PersistentVolumeClaim{claim},
		UpdateStrategy: apps.StatefulSetUpdateStrategy{
			RollingUpdate: &apps.RollingUpdateStatefulSetStrategy{Partition: to(int32(0)), MaxUnavailable: to(intstr.FromInt32(0))},
		},
	}}
}

func scale() runtime.Object {
	return &autoscaling.Scale{ObjectMeta: meta.ObjectMeta{Name: "emqx", Namespace: "default"}, Spec: autoscaling.ScaleSpec{Replicas: 2}}
}

func replicaSet() runtime.Object {
	return &apps.ReplicaSet{ObjectMeta: named("emqx"), Spec: apps.ReplicaSetSpec{Replicas: to(int32(0)), Selector: selector, Template: template()}}
}

func deployment() runtime.Object {
	return &apps.Deployment{ObjectMeta: named("operator"), Spec: apps.DeploymentSpec{
		Replicas: to(int32(0)), Selector: selector, Template: template(), RevisionHistoryLimit: to(int32(0)),
		Strategy: apps.DeploymentStrategy{RollingUpdate: &apps.RollingUpdateDeployment{
			MaxSurge: to(intstr.FromString("25%")), MaxUnavailable: to(intstr.FromInt32(0)),
		}},
	}}
}

func revision() runtime.Object {
	return &apps.ControllerRevision{
		ObjectMeta: named("emqx-1"), Revision: 1, Data: runtime.RawExtension{Raw: []byte(`{"spec":{"replicas":0}}`)},
	}
}
