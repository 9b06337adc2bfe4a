// Command etcd is the server alone: go.etcd.io/etcd/v3 brings etcdctl and etcdutl along, whose releases do not
// compile against the etcd libraries that this release of Kubernetes uses.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
