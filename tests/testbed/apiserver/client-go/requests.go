package main

import (
	"strings"
	"time"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	authentication "k8s.io/api/authentication/v1"
	authorization "k8s.io/api/authorization/v1"
	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	policy "k8s.io/api/policy/v1"
	rbac "k8s.io/api/rbac/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

const home = "/namespaces/default/"

// "/api/v1/…" or "/apis/GROUP/VERSION/…"
func groupVersionOf(path string) schema.GroupVersion {
	parts := strings.Split(path, "/")
	if parts[1] == "api" {
		return schema.GroupVersion{Version: parts[2]}
	}
	return schema.GroupVersion{Group: parts[2], Version: parts[3]}
}

func to[T any](value T) *T { return &value }

// The uid of the object that owns the others: without it the collector deletes them.
var owner types.UID

func named(name string) meta.ObjectMeta {
	return meta.ObjectMeta{
		Name:        name,
		Labels:      map[string]string{"app": "emqx", "empty": ""},
		Annotations: map[string]string{"note": "é"},
		OwnerReferences: []meta.OwnerReference{{
			APIVersion: "v1", Kind: "ConfigMap", Name: "owner", UID: owner, BlockOwnerDeletion: to(false),
		}},
		Finalizers: []string{"weir.test/keep"},
	}
}

// What EMQX Operator and controller-runtime's manager write: the kinds of the operator's role, and those of its own manifests.
func requests() []request {
	const core, apps, policyV1, coordinationV1 = "/api/v1", "/apis/apps/v1", "/apis/policy/v1", "/apis/coordination.k8s.io/v1"
	const rbacV1, admission, definitions = "/apis/rbac.authorization.k8s.io/v1", "/apis/admissionregistration.k8s.io/v1", "/apis/apiextensions.k8s.io/v1"
	return []request{
		{"POST", core + home + "configmaps", configMap()},
		{"POST", core + home + "secrets", secret()},
		{"POST", core + home + "services", service()},
		{"POST", core + home + "endpoints", endpoints()},
		{"POST", core + home + "serviceaccounts", serviceAccount()},
		{"POST", core + home + "persistentvolumeclaims", &claim},
		{"POST", core + "/persistentvolumes", volume()},
		{"POST", core + home + "events", event()},
		{"POST", core + home + "pods", pod()},
		{"PUT", core + home + "pods/emqx-0/status", podStatus()},
		{"POST", apps + home + "statefulsets", statefulSet()},
		{"PUT", apps + home + "statefulsets/emqx/scale", scale()},
		{"POST", apps + home + "replicasets", replicaSet()},
		{"POST", apps + home + "deployments", deployment()},
		{"POST", apps + home + "controllerrevisions", revision()},
		{"POST", policyV1 + home + "poddisruptionbudgets", budget()},
		{"POST", coordinationV1 + home + "leases", lease()},
		{"POST", "/apis/discovery.k8s.io/v1" + home + "endpointslices", slice()},
		{"POST", rbacV1 + home + "roles", role()},
		{"POST", rbacV1 + home + "rolebindings", binding()},
		{"POST", admission + "/mutatingwebhookconfigurations", webhooks()},
		{"POST", definitions + "/customresourcedefinitions", definition()},
		{"POST", core + home + "serviceaccounts/emqx/token", &authentication.TokenRequest{
			Spec: authentication.TokenRequestSpec{ExpirationSeconds: to(int64(1200))},
		}},
		{"POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &authorization.SelfSubjectAccessReview{
			Spec: authorization.SelfSubjectAccessReviewSpec{
				ResourceAttributes: &authorization.ResourceAttributes{Verb: "get", Resource: "pods", Namespace: "default"},
			},
		}},
		{"POST", core + home + "pods/emqx-0/eviction", &policy.Eviction{
			ObjectMeta:    meta.ObjectMeta{Name: "emqx-0"},
			DeleteOptions: &meta.DeleteOptions{GracePeriodSeconds: to(int64(7))},
		}},
		{"DELETE", core + home + "configmaps/emqx", &meta.DeleteOptions{
			GracePeriodSeconds: to(int64(0)), PropagationPolicy: to(meta.DeletePropagationForeground),
		}},
	}
}

func configMap() runtime.Object {
	return &core.ConfigMap{
		ObjectMeta: named("emqx"),
		Data:       map[string]string{"emqx.conf": "a = 1\n", "empty": ""},
		BinaryData: map[string][]byte{"bytes": {0, 255}},
		Immutable:  to(false),
	}
}

func secret() runtime.Object {
	return &core.Secret{ObjectMeta: named("emqx"), Data: map[string][]byte{"key": []byte("s3cret")}, StringData: map[string]string{"user": "admin"}}
}

func service() runtime.Object {
	return &core.Service{ObjectMeta: named("emqx"), Spec: core.ServiceSpec{
		Type:     core.ServiceTypeNodePort,
		Selector: map[string]string{"app": "emqx"},
		Ports: []core.ServicePort{
			{Name: "mqtt", Port: 1883, TargetPort: intstr.FromInt32(1883), NodePort: 32010, AppProtocol: to("mqtt")},
			{Name: "api", Port: 8081, TargetPort: intstr.FromString("api"), NodePort: 32011},
		},
		PublishNotReadyAddresses:      true,
		AllocateLoadBalancerNodePorts: to(false),
		SessionAffinityConfig:         &core.SessionAffinityConfig{ClientIP: &core.ClientIPConfig{TimeoutSeconds: to(int32(0))}},
	}}
}

func endpoints() runtime.Object {
	return &core.Endpoints{ObjectMeta: named("other"), Subsets: []core.EndpointSubset{{
		Addresses: []core.EndpointAddress{{IP: "10.0.0.1", NodeName: to("")}},
		Ports:     []core.EndpointPort{{Name: "mqtt", Port: 1883}},
	}}}
}

func serviceAccount() runtime.Object {
	return &core.ServiceAccount{ObjectMeta: named("emqx"), AutomountServiceAccountToken: to(false)}
}

func event() runtime.Object {
	return &core.Event{
		ObjectMeta: named("emqx.1"), InvolvedObject: core.ObjectReference{Kind: "Pod", Namespace: "default", Name: "emqx-0"},
		Reason: "Evicted", Message: "moved", Type: "Normal", Count: 3,
		FirstTimestamp: meta.NewTime(moment), LastTimestamp: meta.NewTime(moment),
		EventTime: meta.NewMicroTime(moment.Add(123456 * time.Microsecond)),
		Source:    core.EventSource{Component: "emqx-operator"},
	}
}

var claim = core.PersistentVolumeClaim{ObjectMeta: meta.ObjectMeta{Name: "data"}, Spec: core.PersistentVolumeClaimSpec{
	AccessModes:      []core.PersistentVolumeAccessMode{core.ReadWriteOnce},
	Resources:        core.VolumeResourceRequirements{Requests: core.ResourceList{"storage": resource.MustParse("20Mi")}},
	StorageClassName: to(""), VolumeMode: to(core.PersistentVolumeFilesystem),
}}

func volume() runtime.Object {
	return &core.PersistentVolume{ObjectMeta: meta.ObjectMeta{Name: "data"}, Spec: core.PersistentVolumeSpec{
		Capacity:               core.ResourceList{"storage": resource.MustParse("1000Mi")},
		PersistentVolumeSource: core.PersistentVolumeSource{HostPath: &core.HostPathVolumeSource{Path: "/data", Type: to(core.HostPathUnset)}},
		AccessModes:            claim.Spec.AccessModes,
	}}
}

func pod() runtime.Object {
	object := &core.Pod{ObjectMeta: named("emqx-0"), Spec: template().Spec}
	object.Spec.NodeName = "hollow"
	return object
}

func podStatus() runtime.Object {
	return &core.Pod{ObjectMeta: meta.ObjectMeta{Name: "emqx-0"}, Status: core.PodStatus{
		Conditions: []core.PodCondition{{Type: "apps.emqx.io/on-serving", Status: "True", LastTransitionTime: meta.NewTime(moment)}},
		PodIP:      "127.0.0.1",
	}}
}

func budget() runtime.Object {
	return &policy.PodDisruptionBudget{ObjectMeta: named("emqx"), Spec: policy.PodDisruptionBudgetSpec{
		Selector: selector, MinAvailable: to(intstr.FromInt32(0)), UnhealthyPodEvictionPolicy: to(policy.AlwaysAllow),
	}}
}

func lease() runtime.Object {
	return &coordination.Lease{ObjectMeta: named("leader"), Spec: coordination.LeaseSpec{
		HolderIdentity: to(""), LeaseDurationSeconds: to(int32(15)), LeaseTransitions: to(int32(0)),
		RenewTime: to(meta.NewMicroTime(moment.Add(1500 * time.Microsecond))),
	}}
}

func slice() runtime.Object {
	return &discovery.EndpointSlice{
		ObjectMeta: named("emqx-abc"), AddressType: discovery.AddressTypeIPv4,
		Endpoints: []discovery.Endpoint{{Addresses: []string{"127.0.0.1"}, Conditions: discovery.EndpointConditions{Ready: to(false)}}},
		Ports:     []discovery.EndpointPort{{Name: to(""), Port: to(int32(0))}},
	}
}

func role() runtime.Object {
	return &rbac.Role{ObjectMeta: named("emqx"), Rules: []rbac.PolicyRule{{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"get"}}}}
}

func binding() runtime.Object {
	return &rbac.RoleBinding{
		ObjectMeta: named("emqx"), RoleRef: rbac.RoleRef{APIGroup: "rbac.authorization.k8s.io", Kind: "Role", Name: "emqx"},
		Subjects: []rbac.Subject{{Kind: "ServiceAccount", Name: "emqx", Namespace: "default"}},
	}
}

func webhooks() runtime.Object {
	return &admissionregistration.MutatingWebhookConfiguration{
		ObjectMeta: meta.ObjectMeta{Name: "emqx"},
		Webhooks: []admissionregistration.MutatingWebhook{{
			Name: "mutates.emqx.io", AdmissionReviewVersions: []string{"v1"}, TimeoutSeconds: to(int32(3)),
			SideEffects: to(admissionregistration.SideEffectClassNone), FailurePolicy: to(admissionregistration.Ignore),
			ClientConfig: admissionregistration.WebhookClientConfig{
				CABundle: []byte("no certificate"),
				Service:  &admissionregistration.ServiceReference{Namespace: "gone", Name: "gone", Port: to(int32(443))},
			},
			Rules: []admissionregistration.RuleWithOperations{{
				Operations: []admissionregistration.OperationType{"CREATE"},
				Rule:       admissionregistration.Rule{APIGroups: []string{"apps.emqx.io"}, APIVersions: []string{"*"}, Resources: []string{"*"}},
			}},
		}},
	}
}

func definition() runtime.Object {
	whole := apiextensions.JSONSchemaProps{Type: "object", Properties: map[string]apiextensions.JSONSchemaProps{
		"spec": {Type: "object", Properties: map[string]apiextensions.JSONSchemaProps{
			"replicas": {Type: "integer", Minimum: to(0.0), Default: &apiextensions.JSON{Raw: []byte("3")}},
			"port":     {XIntOrString: true},
			"labels":   {Type: "object", AdditionalProperties: &apiextensions.JSONSchemaPropsOrBool{Schema: &apiextensions.JSONSchemaProps{Type: "string"}}},
			"list":     {Type: "array", Items: &apiextensions.JSONSchemaPropsOrArray{Schema: &apiextensions.JSONSchemaProps{Type: "string"}}},
		}},
	}}
	return &apiextensions.CustomResourceDefinition{
		ObjectMeta: meta.ObjectMeta{Name: "things.weir.test"},
		Spec: apiextensions.CustomResourceDefinitionSpec{
			Group: "weir.test", Scope: apiextensions.NamespaceScoped,
			Names: apiextensions.CustomResourceDefinitionNames{Plural: "things", Kind: "Thing"},
			Versions: []apiextensions.CustomResourceDefinitionVersion{{
				Name: "v1", Served: true, Storage: true, Schema: &apiextensions.CustomResourceValidation{OpenAPIV3Schema: &whole},
			}},
		},
	}
}
