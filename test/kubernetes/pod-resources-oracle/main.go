// Prints pods, one a line, with what Kubernetes itself computes for them: effective requests and limits in thousandths, and the QoS class.
//
//	go run . SEED COUNT
//
// Some of the first 20000 of seed 1, made with Kubernetes 1.34.2, are in test/manifest/pod-resources.vectors.json.
package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"strings"

	"gopkg.in/inf.v0"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	resourcehelper "k8s.io/component-helpers/resource"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/apis/core/v1/helper/qos"
)

type object = map[string]any

type vector struct {
	Spec     json.RawMessage   `json:"spec"`
	Requests map[string]string `json:"requests"`
	Limits   map[string]string `json:"limits"`
	QosClass string            `json:"qosClass"`
}

// Equal amounts in several spellings, so that they meet.
var amounts = map[string][]string{
	"cpu":               {"0", "100m", "0.1", "250m", ".25", "1", "1000m", "1.5", "1500m", "33m", "0.033", "100000001n", "1e-1", "2"},
	"memory":            {"0", "64Mi", "67108864", "128Mi", "0.125Gi", "100M", "1e8", "1Gi", "1024Mi", "1.5Gi", "0.1Gi", "1G", "3000Ki"},
	"ephemeral-storage": {"1Gi", "500M", "10Mi"},
	"hugepages-2Mi":     {"2Mi", "4Mi", "8Mi"},
	"nvidia.com/gpu":    {"1", "2"},
}

var names = []string{"cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "nvidia.com/gpu"}

// Whether requests may differ from limits: not for huge pages and devices.
var overcommit = map[string]bool{"cpu": true, "memory": true, "ephemeral-storage": true}

func chance(r *rand.Rand, percent int) bool { return r.Intn(100) < percent }

func pick(r *rand.Rand, m mood, name string) string {
	amount := amounts[name][r.Intn(len(amounts[name]))]
	if m.podLevel && strings.HasSuffix(amount, "n") {
		return "100m"
	}
	return amount
}

// mood is what a whole pod has in common; without it almost all were Burstable.
type mood struct{ guaranteed, empty, podLevel bool }

func resources(r *rand.Rand, m mood, podLevel bool) object {
	requests, limits := object{}, object{}
	for index, name := range names {
		if podLevel && (name == "ephemeral-storage" || name == "nvidia.com/gpu") {
			continue
		}
		percent := []int{75, 75, 25, 10, 10}[index]
		if m.empty && index < 2 {
			percent = 4
		}
		if m.guaranteed && index < 2 {
			percent = 98
		}
		if !chance(r, percent) {
			continue
		}
		limit, request := pick(r, m, name), pick(r, m, name)
		l, q := resource.MustParse(limit), resource.MustParse(request)
		same := !overcommit[name] || (m.guaranteed && index < 2)
		switch {
		case same && chance(r, 50):
			limits[name] = limit
		case same:
			limits[name], requests[name] = limit, limit
		case chance(r, 25):
			requests[name] = request
		case chance(r, 25):
			limits[name] = limit
		case q.Cmp(l) <= 0:
			limits[name], requests[name] = limit, request
		default:
			limits[name], requests[name] = request, limit
		}
	}
	result := object{}
	if len(requests) > 0 {
		result["requests"] = requests
	}
	if len(limits) > 0 {
		result["limits"] = limits
	}
	return result
}

func containers(r *rand.Rand, m mood, prefix string, least, most int) []object {
	list := []object{}
	for index := 0; index < least+r.Intn(most-least+1); index++ {
		container := object{"name": fmt.Sprintf("%s%d", prefix, index)}
		if given := resources(r, m, false); len(given) > 0 {
			container["resources"] = given
		}
		if prefix == "init" && chance(r, 50) {
			container["restartPolicy"] = "Always"
		}
		list = append(list, container)
	}
	return list
}

func spec(r *rand.Rand) object {
	m := mood{guaranteed: chance(r, 35), empty: chance(r, 20)}
	// Of amounts below a thousandth the API server rounds the sum that it gives to a pod with resources of its own, and otherwise each of them.
	m.podLevel = chance(r, 25)
	result := object{"containers": containers(r, m, "app", 1, 3)}
	if init := containers(r, m, "init", 0, 4); len(init) > 0 {
		result["initContainers"] = init
	}
	if given := resources(r, m, true); m.podLevel && len(given) > 0 {
		result["resources"] = given
	}
	if chance(r, 20) {
		result["overhead"] = object{"cpu": pick(r, m, "cpu"), "memory": pick(r, m, "memory")}
	}
	return result
}

// millis is exact: the numbers of Quantity itself round.
func millis(list v1.ResourceList) map[string]string {
	result := map[string]string{}
	for name, quantity := range list {
		result[string(name)] = new(inf.Dec).Round(quantity.AsDec(), 3, inf.RoundExact).UnscaledBig().String()
	}
	return result
}

func compute(spec object) vector {
	raw, err := json.Marshal(spec)
	check(err)
	pod := &v1.Pod{}
	check(json.Unmarshal(raw, &pod.Spec))
	legacyscheme.Scheme.Default(pod)
	options := resourcehelper.PodResourcesOptions{}
	return vector{
		Spec: raw,
		// Copies: overhead is added to quantities that the pod may share.
		Requests: millis(resourcehelper.PodRequests(pod.DeepCopy(), options)),
		Limits:   millis(resourcehelper.PodLimits(pod.DeepCopy(), options)),
		QosClass: string(qos.ComputePodQOS(pod)),
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	seed, err := strconv.ParseInt(os.Args[1], 10, 64)
	check(err)
	count, err := strconv.Atoi(os.Args[2])
	check(err)
	r := rand.New(rand.NewSource(seed))
	output := json.NewEncoder(os.Stdout)
	output.SetEscapeHTML(false)
	for index := 0; index < count; index++ {
		check(output.Encode(compute(spec(r))))
	}
}
