// A client of the API server as operators are built: with client-go.
//
// usage: client-go kinds                      a line for each built-in kind and filling: {"protobuf": BASE64, "json": OBJECT}
//
//	client-go send URL TOKEN CONTENT_TYPE   sends what operators write; a line for each answer: {"request": …, "answer": …}
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"sort"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	apps "k8s.io/api/apps/v1"
	authentication "k8s.io/api/authentication/v1"
	authorization "k8s.io/api/authorization/v1"
	autoscaling "k8s.io/api/autoscaling/v1"
	batch "k8s.io/api/batch/v1"
	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	rbac "k8s.io/api/rbac/v1"
	storage "k8s.io/api/storage/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
)

var scheme = runtime.NewScheme()

func init() {
	for _, add := range []func(*runtime.Scheme) error{
		admissionregistration.AddToScheme, apps.AddToScheme, authentication.AddToScheme, authorization.AddToScheme,
		autoscaling.AddToScheme, batch.AddToScheme, coordination.AddToScheme, core.AddToScheme, discovery.AddToScheme,
		networking.AddToScheme, policy.AddToScheme, rbac.AddToScheme, storage.AddToScheme, apiextensions.AddToScheme,
	} {
		check(add(scheme))
	}
	meta.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
}

func main() {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "kinds":
		printKinds()
	case len(os.Args) == 5 && os.Args[1] == "send":
		send(os.Args[2], os.Args[3], os.Args[4])
	default:
		check(fmt.Errorf("usage: client-go kinds | client-go send URL TOKEN CONTENT_TYPE"))
	}
}

func printKinds() {
	known := scheme.AllKnownTypes()
	gvks := make([]schema.GroupVersionKind, 0, len(known))
	for gvk := range known {
		if gvk.Version != runtime.APIVersionInternal && gvk.Kind != meta.WatchEventKind {
			gvks = append(gvks, gvk)
		}
	}
	sort.Slice(gvks, func(i, j int) bool { return gvks[i].String() < gvks[j].String() })
	for _, gvk := range gvks {
		for _, filling := range []filling{nothing, zeros, everything} {
			object, err := scheme.New(gvk)
			check(err)
			fill(object, filling)
			object.GetObjectKind().SetGroupVersionKind(gvk)
			asJSON, err := json.Marshal(object)
			check(err)
			var wire bytes.Buffer
			check(protobuf.NewSerializer(scheme, scheme).Encode(object, &wire))
			print(map[string]any{"protobuf": wire.Bytes(), "json": json.RawMessage(asJSON)})
		}
	}
}

func print(line any) {
	check(json.NewEncoder(os.Stdout).Encode(line))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "client-go:", err)
		os.Exit(1)
	}
}
