// pod-resources says of each pod on standard input, one JSON object a line, what it requests and may use as a whole
// and its quality of service, as one JSON object a line. It fills in what the API server of a version fills in, and asks
// the functions that the scheduler and the kubelet ask.
//
//	pod-resources v1.34 <pods
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/version"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/component-helpers/resource"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	podutil "k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/apis/core/v1/helper/qos"
	"k8s.io/kubernetes/pkg/features"
	strictjson "sigs.k8s.io/json"
)

const longestLine = 1 << 24

type answer struct {
	Requests map[corev1.ResourceName]string `json:"requests"`
	Limits   map[corev1.ResourceName]string `json:"limits"`
	QoS      corev1.PodQOSClass             `json:"qos"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pod-resources:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: pod-resources VERSION <pods")
	}
	target, err := version.ParseGeneric(args[0])
	if err != nil {
		return err
	}
	if err := utilfeature.DefaultMutableFeatureGate.SetEmulationVersion(target); err != nil {
		return err
	}
	options := resource.PodResourcesOptions{SkipPodLevelResources: !utilfeature.DefaultFeatureGate.Enabled(features.PodLevelResources)}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		var given corev1.Pod
		strict, err := strictjson.UnmarshalStrict(lines.Bytes(), &given)
		if err := errors.Join(append(strict, err)...); err != nil {
			return fmt.Errorf("%w: %s", err, lines.Text())
		}
		pod, err := created(&given)
		if err != nil {
			return fmt.Errorf("%w: %s", err, lines.Text())
		}
		// Each asks its own copy: the sums share large numbers with the pod, and add the overhead to them in place.
		requests, limits := resource.PodRequests(pod.DeepCopy(), options), resource.PodLimits(pod.DeepCopy(), options)
		if err := encoder.Encode(answer{decimals(requests), decimals(limits), qos.ComputePodQOS(pod)}); err != nil {
			return err
		}
	}
	return lines.Err()
}

// decimals writes amounts without a suffix: with one, what is read back may be bounded.
func decimals(list corev1.ResourceList) map[corev1.ResourceName]string {
	written := map[corev1.ResourceName]string{}
	for name, quantity := range list {
		written[name] = quantity.AsDec().String()
	}
	return written
}

// created is the pod as the API server stores it: with its defaults, and without the fields that the version lacks.
func created(given *corev1.Pod) (*corev1.Pod, error) {
	legacyscheme.Scheme.Default(given)
	internal, err := legacyscheme.Scheme.ConvertToVersion(given, runtime.InternalGroupVersioner)
	if err != nil {
		return nil, err
	}
	pod := internal.(*core.Pod)
	podutil.DropDisabledPodFields(pod, nil)
	podutil.DefaultPodLevelResources(pod)
	stored, err := legacyscheme.Scheme.ConvertToVersion(pod, corev1.SchemeGroupVersion)
	if err != nil {
		return nil, err
	}
	return stored.(*corev1.Pod), nil
}
