// Writes tables of the testbed's API server from Kubernetes' own Go modules.
//
// usage: go run . protobuf > ../../testbed/apiserver/protobuf/messages.yaml
//
//	go run . apply > ../../testbed/apiserver/apply/shapes.yaml
package main

import (
	"fmt"
	"os"
	"sort"
)

func main() {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "protobuf":
		printMessages()
	case len(os.Args) == 2 && os.Args[1] == "apply":
		printShapes()
	default:
		fail(fmt.Errorf("usage: go run . protobuf | go run . apply"))
	}
}

func sorted[V any](table map[string]V) []string {
	names := make([]string, 0, len(table))
	for name := range table {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "kubernetes:", err)
	os.Exit(1)
}
