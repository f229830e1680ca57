// pod-security says of each pod on standard input, one JSON object a line, whether the Pod Security Standard
// "restricted" of a version allows it: an empty line, or why not. It asks the library of the API server's admission
// plugin.
//
//	pod-security v1.33 <pods
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/json"
)

const longestLine = 1 << 24

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pod-security:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: pod-security VERSION <pods")
	}
	version, err := api.ParseVersion(args[0])
	if err != nil {
		return err
	}
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return err
	}
	restricted := api.LevelVersion{Level: api.LevelRestricted, Version: version}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		var pod corev1.Pod
		strict, err := json.UnmarshalStrict(lines.Bytes(), &pod)
		if err := errors.Join(append(strict, err)...); err != nil {
			return fmt.Errorf("%w: %s", err, lines.Text())
		}
		setDefaults(&pod)
		result := policy.AggregateCheckResults(evaluator.EvaluatePod(restricted, &pod.ObjectMeta, &pod.Spec))
		fmt.Fprintln(out, strings.ReplaceAll(strings.Join(result.ForbiddenReasons, "; "), "\n", " "))
	}
	return lines.Err()
}

// setDefaults does what the API server does before the plugin sees the pod, as far as the checks can tell.
func setDefaults(pod *corev1.Pod) {
	for i := range pod.Spec.Volumes {
		if pod.Spec.Volumes[i].VolumeSource == (corev1.VolumeSource{}) {
			pod.Spec.Volumes[i].EmptyDir = &corev1.EmptyDirVolumeSource{}
		}
	}
}
