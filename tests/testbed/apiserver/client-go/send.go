package main

import (
	"context"
	"encoding/json"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/rest"
)

type request struct {
	verb string
	path string
	body runtime.Object
}

// Sends each object as a typed client does.
func send(url, token, contentType string) {
	clients := map[schema.GroupVersion]*rest.RESTClient{}
	first := clientFor(url, token, contentType, core.SchemeGroupVersion)
	made := &core.ConfigMap{}
	body := &core.ConfigMap{ObjectMeta: meta.ObjectMeta{Name: "owner"}}
	check(first.Post().AbsPath("/api/v1" + home + "configmaps").Body(body).Do(context.Background()).Into(made))
	owner = made.UID
	for _, one := range requests() {
		version := groupVersionOf(one.path)
		client := clients[version]
		if client == nil {
			client = clientFor(url, token, contentType, version)
			clients[version] = client
		}
		result := client.Verb(one.verb).AbsPath(one.path).Body(one.body).Do(context.Background())
		answer, err := result.Raw()
		if err != nil {
			answer, _ = json.Marshal(err.Error())
		}
		print(map[string]any{"request": one.verb + " " + one.path, "answer": json.RawMessage(answer)})
	}
}

func clientFor(url, token, contentType string, version schema.GroupVersion) *rest.RESTClient {
	config := &rest.Config{
		Host:        url,
		BearerToken: token,
		APIPath:     "/apis",
		ContentConfig: rest.ContentConfig{
			ContentType:          contentType,
			GroupVersion:         &version,
			NegotiatedSerializer: serializer.NewCodecFactory(scheme).WithoutConversion(),
		},
	}
	if version == core.SchemeGroupVersion {
		config.APIPath = "/api"
	}
	client, err := rest.RESTClientFor(config)
	check(err)
	return client
}
