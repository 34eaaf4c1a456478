// The API server of Kubernetes as it is, built from its own module: what envtest calls kube-apiserver.
// go.mod pins the version; its replaces name the published staging modules, which the module itself leaves at v0.0.0.
package main

import (
	"os"

	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	os.Exit(cli.Run(app.NewAPIServerCommand()))
}
